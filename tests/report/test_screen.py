"""What is shown while a command works."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from sorterd.daemon.happenings import Learned, Progress, Underway
from sorterd.report.screen import Screen


def shown(*, terminal: bool) -> tuple[Screen, StringIO]:
    out = StringIO()
    return Screen(Console(file=out, force_terminal=terminal, width=200, color_system=None)), out


def test_on_a_terminal_the_bar_says_how_fast_it_goes_and_how_long_it_takes() -> None:
    screen, out = shown(terminal=True)
    with screen:
        screen.tell(Progress("extract", 100, 10_000, 50.0))
        screen._bars.refresh()
        screen.tell(Underway(100, 9_900, 50.0))
    assert "100/10000" in out.getvalue()
    assert "50 per minute, about 3 hours left" in out.getvalue()
    assert "100 of 10,000" not in out.getvalue()


def test_where_there_is_no_bar_a_line_says_it_now_and_then() -> None:
    screen, out = shown(terminal=False)
    with screen:
        screen.tell(Progress("extract", 100, 10_000, 50.0))
        screen.tell(Underway(100, 9_900, 50.0))
    assert out.getvalue() == (
        "Looking at and listening to videos: 100 of 10,000, 50 per minute, about 3 hours left\n"
    )


def test_one_video_is_not_videos() -> None:
    screen, out = shown(terminal=False)
    screen.tell(Learned("knn", 1, True, "took the new model"))
    assert out.getvalue() == "Learned from 1 filed video (knn): took the new model\n"
