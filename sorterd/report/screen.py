"""Show a command's progress in the terminal: progress bars and, at the end, one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from sorterd.activity import Activity, Decided, ExtractionUnderway, Fault, Note, StageProgress, TrainingEnded
from sorterd.report.console import Screenful, print_note
from sorterd.report.records import Records
from sorterd.text import counted, paced, percent, printable

_WORDS = {"look": "Looking", "extract": "Looking at and listening to videos", "predict": "Classifying", "move": "Moved"}


class _Count(MofNCompleteColumn):
    """How many of how many. Nothing where no number is known."""

    def render(self, task: Task) -> Text:
        """Return the text of one task."""
        return Text() if task.total is None else super().render(task)


@dataclass(slots=True)
class Screen:
    """Shows activities. Use it as a context manager and pass `screen.report` to the loop.

    Bars appear only on a terminal. All activities are kept in `activities`, for the summary.
    """

    console: Console
    activities: list[Activity] = field(default_factory=list)
    _bars: Progress = field(init=False)
    _tasks: dict[str, TaskID] = field(default_factory=dict)
    _loading: TaskID | None = None

    def __post_init__(self) -> None:
        self._bars = self._new_bars()

    def __enter__(self) -> Self:
        self._bars, self._tasks = self._new_bars(), {}  # bars that are started twice erase a line of other output
        self._loading = self._bars.add_task("Loading the models", total=None, pace="")
        self._bars.start()
        return self

    def _new_bars(self) -> Progress:
        """Return bars that fit the terminal. A narrow one shows no pace, a very narrow one no time either."""
        console = self._bars_console()
        left = console.width - len(max(_WORDS.values(), key=len)) - len(" 10000/10000 ")
        columns: list[ProgressColumn] = [TextColumn("{task.description}"), _Count()]
        if time_fits := left >= 20:
            columns.append(TimeElapsedColumn())
        if pace_fits := left >= 70:
            columns.append(TextColumn("{task.fields[pace]}"))
        bar = left - 8 * time_fits - 46 * pace_fits
        columns.insert(1, BarColumn(max(5, min(40, bar))))
        return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)

    def _bars_console(self) -> Console:
        """Return where bars are drawn: where records are piped, on stderr."""
        if self.console.is_terminal or not isinstance(self.console, Screenful):
            return self.console
        return Console(stderr=True)

    def __exit__(self, *_error: object) -> None:
        self._bars.stop()

    def report(self, activity: Activity) -> None:
        """Show an activity and keep it. Decisions are shown only in the summary."""
        if self._loading is not None and isinstance(activity, StageProgress | TrainingEnded | Decided):
            self._bars.remove_task(self._loading)
            self._loading = None
        match activity:
            case StageProgress(stage, done, total, per_minute):
                pace = paced(total - done, per_minute)
                if stage not in self._tasks:
                    self._tasks[stage] = self._bars.add_task(_WORDS[stage], total=total, pace=pace)
                self._bars.update(self._tasks[stage], completed=done, total=total, pace=pace)
            case ExtractionUnderway(done, waiting, per_minute):
                if self._bars.disable:  # else there is a bar
                    self._line(f"{_WORDS['extract']}: {done:,} of {done + waiting:,}, {paced(waiting, per_minute)}")
            case TrainingEnded(model_type, labels, _, reason):
                self._line(f"Learned from {counted(labels, 'filed video')} ({model_type}): {reason}")
            case Fault() if activity in self.activities:  # each scan finds it again
                pass
            case Fault(path, reason):
                self._line(f"{path}: {reason}" if path else reason, style="yellow")
            case Note(text):
                self._line(text)
        self.activities.append(activity)

    def decisions(self) -> list[Decided]:
        """Return the last decision on each video, in the order of the first ones."""
        latest: dict[str, Decided] = {}
        for activity in self.activities:
            if isinstance(activity, Decided):
                latest[activity.path] = activity
        return list(latest.values())

    def _line(self, text: str, style: str = "") -> None:
        if self.console.is_terminal:  # wrapped between words
            self.console.print(Text(printable(text), style=style))
        else:
            print_note(self.console, text, style)


def decision_table(decisions: Sequence[Decided], title: str) -> Records:
    """Return one record per video: where it was moved or that it stays, how sure the prediction is, and why."""
    rows = []
    for one in decisions:
        if one.moved_to is not None:
            where = Text(f"→ {printable(one.prediction.folder)}", style="green")
        elif one.would_move:
            where = Text(f"(→ {printable(one.prediction.folder)})", style="cyan")
        else:
            where = Text(f"stays; {printable(one.prediction.folder)}?", style="yellow")
        rows.append((printable(one.path), where, percent(one.prediction.confidence), printable(one.reason)))
    return Records(("video", "folder", "sure", "why"), rows, title, frozenset(["sure"]))
