"""Run the demo: learn from the filed clips, sort the unsorted ones, and learn from some drags."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.console import Console

from sorterd.activity import Decided, TrainingEnded
from sorterd.config import Config
from sorterd.daemon.app import App
from sorterd.demo.library import DemoLibrary, belongs
from sorterd.report.records import draw_records
from sorterd.report.screen import Screen, decision_table
from sorterd.text import counted

NEW_FOLDER = "football"


class NothingDecided(Exception):
    """The demo made no decisions. The message says why."""


def tell_story(library: DemoLibrary, config: Config, app: App, screen: Screen) -> None:
    """Run the loop until it is idle, drag some clips, and run it again. Print what happened. Raise NothingDecided."""
    console = screen.console
    console.print(
        f"[bold]{library.folder}[/] holds {library.filed} clips in folders and {library.unsorted} unsorted ones.\n"
        "Learning from the folders, then sorting the rest ..."
    )
    with screen:
        app.loop.run(until_idle=True)
    if not screen.decisions():
        raise NothingDecided(_why_nothing(app))
    draw_records(console, decision_table(screen.decisions(), "What was decided"))

    drags = _drags(screen.decisions())
    console.print("\n[bold]Now somebody corrects it, by dragging files in a file manager:[/]")
    for source, folder in drags:
        target = config.videos / folder
        target.mkdir(exist_ok=True)
        (config.videos / source).rename(target / Path(source).name)
        console.print(f"  {source} → {folder}/")
    del screen.activities[:]
    with screen:
        app.loop.run(until_idle=True)
    learned = [activity for activity in screen.activities if isinstance(activity, TrainingEnded)]
    if not learned:
        console.print("[red]Nothing was learned from it.[/]")
    draw_records(console, decision_table(screen.decisions(), "What was decided on the inbox after learning from that"))


def _why_nothing(app: App) -> str:
    """Return what kept the models from working, or else the most common reason why a clip failed."""
    if app.loop.problems:
        return app.loop.problems[0]
    reasons = Counter(failure.reason for failure in app.store.features.failures())
    if not reasons:
        return "nothing was decided, and nothing says why: type 'sorterd doctor'"
    reason, clips = reasons.most_common(1)[0]
    return f"{counted(clips, 'clip')} could not be looked at: {reason}"


def _drags(decisions: list[Decided]) -> list[tuple[str, str]]:
    """Return the corrections that a person would make, as (path, folder).

    They are all wrong moves, one clip that was left with a wrong prediction, and two of a kind that has no folder yet.
    """
    wanted = belongs()
    filed = [one for one in decisions if wanted.get(one.path) is not None and wanted[one.path] != one.prediction.folder]
    moved_wrongly = [(one.moved_to, str(wanted[one.path])) for one in filed if one.moved_to is not None]
    guessed_wrongly = [(one.path, str(wanted[one.path])) for one in filed if one.moved_to is None]
    of_new_kind = [drag for drag in guessed_wrongly if drag[1] == NEW_FOLDER]
    of_old_kind = [drag for drag in guessed_wrongly if drag[1] != NEW_FOLDER]
    return [*moved_wrongly, *of_old_kind[:1], *of_new_kind[:2]]


def right_and_wrong(console: Console, folder: Path) -> None:
    """Print how many clips lie where a person would have filed them."""
    wanted = belongs()
    lies = {path.name: path.parent.name if path.parent != folder else None for path in folder.rglob("*.mp4")}
    moved = {name: lies[name] for name in wanted if lies.get(name) is not None}
    right = sum(wanted[name] == where for name, where in moved.items())
    console.print(
        f"Of {len(wanted)} unsorted clips {len(moved)} are filed now, {right} of them where a person would file them; "
        f"{len(wanted) - len(moved)} wait in the inbox."
    )
