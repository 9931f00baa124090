"""What is shown while a command works."""

from io import StringIO

import pyte
import pytest
from rich.console import Console

from sorterd.activity import ExtractionUnderway, Fault, StageProgress, TrainingEnded
from sorterd.report.console import console_for
from sorterd.report.screen import Screen


def shown(*, terminal: bool) -> tuple[Screen, StringIO]:
    out = StringIO()
    return Screen(Console(file=out, force_terminal=terminal, width=200, color_system=None)), out


def test_on_a_terminal_the_bar_says_how_fast_it_goes_and_how_long_it_takes() -> None:
    screen, out = shown(terminal=True)
    with screen:
        screen.report(StageProgress("extract", 100, 10_000, 50.0))
        screen._bars.refresh()
        screen.report(ExtractionUnderway(100, 9_900, 50.0))
    assert "100/10000" in out.getvalue()
    assert "50 per minute, about 3 hours left" in out.getvalue()
    assert "100 of 10,000" not in out.getvalue()


def test_where_there_is_no_bar_a_line_says_it_now_and_then() -> None:
    screen, out = shown(terminal=False)
    with screen:
        screen.report(StageProgress("extract", 100, 10_000, 50.0))
        screen.report(ExtractionUnderway(100, 9_900, 50.0))
    assert out.getvalue() == ("Looking at and listening to videos: 100 of 10,000, 50 per minute, about 3 hours left\n")


def test_what_each_scan_finds_again_is_said_once() -> None:
    screen, out = shown(terminal=False)
    for path in ("a.mp4", "a.mp4", "b.mp4"):
        screen.report(Fault(path, "it is empty"))
    assert out.getvalue() == "a.mp4: it is empty\nb.mp4: it is empty\n"


def test_one_video_is_not_videos() -> None:
    screen, out = shown(terminal=False)
    screen.report(TrainingEnded("knn", 1, True, "took the new model"))
    assert out.getvalue() == "Learned from 1 filed video (knn): took the new model\n"


class Terminal:
    """A terminal of some width, and what is seen on it."""

    def __init__(self, width: int) -> None:
        self.seen = pyte.Screen(width, 24)
        self._stream = pyte.Stream(self.seen)
        self.screen = Screen(Console(file=self, force_terminal=True, width=width, color_system=None))  # type: ignore[arg-type]

    def write(self, text: str) -> int:
        self._stream.feed(text.replace("\n", "\r\n"))
        return len(text)

    def flush(self) -> None:
        pass

    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.seen.display if line.strip()]


@pytest.mark.parametrize("width", [120, 80, 60])
def test_bar_and_count_are_seen_on_a_terminal_of_any_width_and_the_pace_goes_first(width: int) -> None:
    terminal = Terminal(width)
    with terminal.screen as screen:
        screen.report(StageProgress("extract", 5_000, 10_000, 8.4))
        screen._bars.refresh()
        (line,) = terminal.lines()
    assert "Looking at and listening to videos" in line
    assert "5000/10000" in line
    assert "━" in line
    assert ("8.4 per minute, about 10 hours left" in line) == (width == 120)
    assert ("0:00:0" in line) == (width >= 80)


def test_bars_that_come_twice_wipe_away_nothing_but_themselves() -> None:
    terminal = Terminal(80)
    for number in range(2):
        terminal.screen.console.print(f"before {number}")
        with terminal.screen as screen:
            for stage in ("look", "extract"):
                screen.report(StageProgress(stage, 1, 2))
            screen._bars.refresh()
        terminal.screen.console.print(f"after {number}")
    assert terminal.lines() == ["before 0", "after 0", "before 1", "after 1"]


def test_until_something_is_heard_it_says_that_the_models_are_loaded() -> None:
    screen, out = shown(terminal=True)
    with screen:
        screen._bars.refresh()
        assert "Loading the models" in out.getvalue()
        assert "0/" not in out.getvalue()
        screen.report(StageProgress("extract", 1, 2))
        assert len(screen._bars.tasks) == 1


def test_where_records_are_piped_all_else_is_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen(console_for())
    with screen:
        screen.report(TrainingEnded("knn", 1, True, "took the new model"))
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "Learned from 1 filed video (knn): took the new model\n")
