"""At most once an hour the desktop tells what was filed and what needs the user."""

import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from support.running import LIBRARY, Running, Words
from support.workspace import Workspace

from sorterd.daemon.hourly_notice import CHILD_SECONDS, GAP_SECONDS, SETTLE_SECONDS, HourlyNotice, notice
from sorterd.service.desktop import CLICK_FAILED, CLICK_SECONDS

WRITE = "import sys; open(sys.argv[1], 'a').write('|'.join(sys.argv[2:]) + chr(10))"


@pytest.fixture
def running(workspace: Workspace) -> Running:
    workspace.lay_out({**LIBRARY, "before.mp4": b"lion 1"})
    return Running(workspace, Words(workspace.clock))


@pytest.fixture
def shown(tmp_path: Path) -> Path:
    return tmp_path / "shown"


def noticing(running: Running, shown: Path) -> HourlyNotice:
    """With everything done that was there before, an hour ago."""
    hourly = HourlyNotice(
        *(running.workspace.store, running.loop.pipeline, running.workspace.clock),
        command=lambda title, text: [sys.executable, "-c", WRITE, str(shown), title, text],
    )
    running.run()
    assert hourly.turn() is None
    running.workspace.clock.advance(GAP_SECONDS)
    return hourly


def arrive(running: Running, **videos: bytes) -> None:
    running.workspace.lay_out({f"{name}.mp4": content for name, content in videos.items()})
    running.loop.hint()
    running.run()


def show(running: Running, hourly: HourlyNotice) -> None:
    """Let the notification come that is due when all is calm, and its process end."""
    assert hourly.turn() == SETTLE_SECONDS
    running.workspace.clock.advance(SETTLE_SECONDS)
    assert hourly.turn() == 1.0
    if hourly._child is not None:
        hourly._child.wait()


def settle(running: Running, hourly: HourlyNotice) -> None:
    """Let the notification come that is due when all is calm."""
    show(running, hourly)
    assert hourly.turn() is None


@pytest.mark.parametrize(
    ("filed", "undecided", "text"),
    [
        (7, 3, "7 filed, 3 need you: sorterd review --web"),
        (1, 0, "1 filed"),
        (0, 1, "1 needs you: sorterd review --web"),
        (1200, 0, "1,200 filed"),
        (0, 0, ""),
    ],
)
def test_the_text(filed: int, undecided: int, text: str) -> None:
    assert notice(filed, undecided) == text


def test_what_came_since_is_told_together_once_it_is_calm(running: Running, shown: Path) -> None:
    hourly = noticing(running, shown)
    assert hourly.turn() is None
    arrive(running, a=b"cat 7", b=b"dog 7", c=b"lion 7")
    settle(running, hourly)
    assert shown.read_text() == "sorterd|2 filed, 1 needs you: sorterd review --web\n"
    running.workspace.clock.advance(10 * GAP_SECONDS)
    assert hourly.turn() is None  # nothing new; what waits is not told again


def test_within_an_hour_there_is_one_also_across_a_restart(running: Running, shown: Path) -> None:
    hourly = noticing(running, shown)
    arrive(running, a=b"cat 7")
    settle(running, hourly)
    running.workspace.clock.advance(600.0)
    arrive(running, b=b"cat 8")
    again = HourlyNotice(
        running.workspace.store, running.loop.pipeline, running.workspace.clock, command=hourly.command
    )
    assert again.turn() == GAP_SECONDS - 600.0
    running.workspace.clock.advance(GAP_SECONDS - 600.0)
    assert again.turn() == 1.0
    again.end()


def test_what_the_user_has_dealt_with_meanwhile_is_not_told(running: Running, shown: Path) -> None:
    hourly = noticing(running, shown)
    arrive(running, a=b"cat 7", c=b"wolf 7")
    running.request(do="undo", last=1)
    running.workspace.drag("c.mp4", "dogs/c.mp4")
    running.loop.hint()
    running.run()
    assert hourly.turn() is None


def test_a_desktop_that_hangs_is_given_up(running: Running, shown: Path) -> None:
    hourly = noticing(running, shown)
    hourly.command = lambda *_: [sys.executable, "-c", "import time; time.sleep(600)"]
    arrive(running, a=b"cat 7")
    assert hourly.turn() == SETTLE_SECONDS
    running.workspace.clock.advance(SETTLE_SECONDS)
    assert (hourly.turn(), hourly.turn()) == (1.0, 1.0)
    child = hourly._child
    assert child is not None
    running.workspace.clock.advance(CHILD_SECONDS)
    assert hourly.turn() is None
    assert child.poll() is None  # it may wait for a click
    running.workspace.clock.advance(CLICK_SECONDS)
    with capture_logs() as logged:
        assert hourly.turn() is None
    assert child.returncode == -9
    assert [one["event"] for one in logged] == ["a notification did not work"]


def test_the_next_notification_takes_the_place_of_one_that_nobody_clicked(running: Running, shown: Path) -> None:
    hourly = noticing(running, shown)
    hourly.command = lambda *_: [sys.executable, "-c", "import time; time.sleep(600)"]
    children = []
    for name in ("a", "b"):
        arrive(running, **{name: f"cat {name}".encode()})
        assert hourly.turn() == SETTLE_SECONDS
        running.workspace.clock.advance(SETTLE_SECONDS)
        assert hourly.turn() == 1.0
        children.append(hourly._child)
        running.workspace.clock.advance(GAP_SECONDS)
    first, second = children
    assert first is not None
    assert second is not None
    assert (first.returncode, second.poll()) == (-9, None)
    hourly.end()
    assert second.returncode == -9


NO_DESKTOP = [sys.executable, "-c", "import sys; sys.exit('no desktop')"]


@pytest.mark.parametrize(("command", "reason"), [(NO_DESKTOP, "no desktop"), (["/no/such/program"], "No such")])
def test_what_no_desktop_showed_is_told_later_and_the_reason_is_logged_once(
    running: Running, shown: Path, command: list[str], reason: str
) -> None:
    """As when the service starts with the computer, and the user logs in hours later."""
    hourly = noticing(running, shown)
    works, hourly.command = hourly.command, lambda *_: command
    arrive(running, a=b"cat 7", c=b"lion 7")
    with capture_logs() as logged:
        for wait in (30.0, 60.0, 120.0):
            show(running, hourly)
            assert hourly.turn() == wait
            running.workspace.clock.advance(wait)
    assert [reason in one["reason"] for one in logged] == [True]
    hourly.command = works
    show(running, hourly)
    assert shown.read_text() == "sorterd|1 filed, 1 needs you: sorterd review --web\n"
    assert hourly.turn() is None


def test_a_clock_set_back_does_not_make_it_wait_longer(running: Running, shown: Path) -> None:
    hourly = noticing(running, shown)
    works, hourly.command = hourly.command, lambda *_: NO_DESKTOP
    arrive(running, a=b"cat 7")
    show(running, hourly)
    assert hourly.turn() == 30.0
    running.workspace.clock.advance(-24 * GAP_SECONDS)
    hourly.command = works
    assert hourly.turn() == GAP_SECONDS


def test_without_a_session_bus_nothing_is_started_until_there_is_one(running: Running, shown: Path) -> None:
    hourly = noticing(running, shown)
    hourly.has_desktop = lambda: False
    arrive(running, a=b"cat 7")
    assert hourly.turn() is None
    hourly.has_desktop = lambda: True
    settle(running, hourly)
    assert shown.read_text() == "sorterd|1 filed\n"


@pytest.mark.parametrize(("code", "after"), [(CLICK_FAILED, 0.0), (1, CHILD_SECONDS)])
def test_what_was_shown_is_not_told_again_if_it_fails_later(
    running: Running, shown: Path, code: int, after: float
) -> None:
    """A click may open nothing, and the bus may go away while a notification waits for a click."""
    hourly = noticing(running, shown)
    arrive(running, a=b"cat 7")
    assert hourly.turn() == SETTLE_SECONDS
    running.workspace.clock.advance(SETTLE_SECONDS)
    hourly.command = lambda *_: [
        sys.executable,
        "-c",
        f"import time; time.sleep({after and 600}); raise SystemExit({code})",
    ]
    assert hourly.turn() == 1.0
    child = hourly._child
    assert child is not None
    running.workspace.clock.advance(after)
    if after:
        assert hourly.turn() is None
        child.terminate()
    child.wait()
    running.workspace.clock.advance(GAP_SECONDS)
    assert hourly.turn() is None
    assert hourly.turn() is None
