"""When nothing is moved: the user paused it, an update decides differently, or too much was taken back."""

from dataclasses import asdict
from typing import Any

import pytest
from support.running import LIBRARY, Running, Words
from support.workspace import Workspace

from sorterd.activity import Decided, Fault, Note
from sorterd.sorting.moving_pause import NOTICE_SECONDS, Cause, MovingPause, MovingPauses
from sorterd.store.settings import DECIDED_BY, MOVING_PAUSE
from sorting.sidecars import SETTLE, following


@pytest.fixture
def running(running: Running) -> Running:
    """With a model of cats and dogs."""
    return running.run()


def sorted_by_an_earlier_version(running: Running) -> None:
    """As a library looks that another version has sorted so far."""
    running.workspace.store.notes.drop(DECIDED_BY)
    running.restart()


def inbox(running: Running) -> list[str]:
    return [name for name in running.on_disk if name.endswith(".mp4")]


def current(running: Running) -> Any:
    return MovingPauses(running.workspace.store).current(running.workspace.clock())


def notes(running: Running) -> list[str]:
    return [note.text for note in running.heard(Note)]


# --- by the user ---


def test_while_paused_it_learns_and_suggests_and_moves_nothing_until_resumed(running: Running) -> None:
    running.request(do="pause")
    running.restart()
    running.take_in({"new.mp4": b"cat 3"})
    assert inbox(running) == ["new.mp4"]
    (decided,) = [one for one in running.heard(Decided) if one.path == "new.mp4"]
    assert decided.would_move
    assert running.request(do="resume") == {"resumed": True, "undo": None}
    assert running.request(do="resume") == {"resumed": False, "undo": None}
    running.run()
    assert inbox(running) == []
    assert "new.mp4" in running.on_disk["cats"]  # type: ignore[operator]


# --- after an update ---


def test_a_new_library_is_sorted_at_once(workspace: Workspace) -> None:
    workspace.lay_out({**LIBRARY, "new.mp4": b"cat 3"})
    running = Running(workspace, Words(workspace.clock)).run()
    assert inbox(running) == []


def test_after_an_update_it_says_what_it_would_move_and_waits_a_day(running: Running) -> None:
    sorted_by_an_earlier_version(running)
    running.take_in({"new.mp4": b"cat 3", "odd.mp4": b"lion 1"})
    assert inbox(running) == ["new.mp4", "odd.mp4"]
    (said,) = [text for text in notes(running) if "the new version" in text]
    assert said.startswith("the new version would file 1 of 2 waiting videos: 'sorterd run --once --dry-run' shows")
    running.workspace.clock.advance(NOTICE_SECONDS + 1)
    running.run()
    assert inbox(running) == ["odd.mp4"]
    assert any("'sorterd undo --since" in text for text in notes(running))


def test_after_an_update_the_user_may_let_it_begin_at_once_and_take_all_back_by_one_command(running: Running) -> None:
    sorted_by_an_earlier_version(running)
    running.take_in({"n1.mp4": b"cat 3", "n2.mp4": b"dog 3"})
    began = running.workspace.clock()
    answer = running.request(do="resume")
    assert (answer["resumed"], "'sorterd undo --since" in str(answer["undo"])) == (True, True)
    running.workspace.clock.advance(1.0)
    running.run()
    assert inbox(running) == []
    assert len(running.request(do="undo", since=began)["undone"]) == 2  # type: ignore[arg-type]
    assert inbox(running) == ["n1.mp4", "n2.mp4"]


def test_an_update_that_would_move_nothing_of_what_waits_is_no_event(running: Running) -> None:
    running.take_in({"odd.mp4": b"lion 1"})
    sorted_by_an_earlier_version(running)
    running.run()
    assert current(running) is None
    assert not [text for text in notes(running) if "the new version" in text]


def test_the_same_version_started_again_does_not_wait(running: Running) -> None:
    running.restart()
    running.take_in({"new.mp4": b"cat 3"})
    assert inbox(running) == []


@pytest.mark.parametrize("cause", ["user", "taken back"])
def test_one_command_undoes_what_moves_after_a_pause_that_outlived_an_update(cause: Cause, running: Running) -> None:
    pause = MovingPause(cause, "a reason", running.workspace.clock())
    running.workspace.store.notes.put(MOVING_PAUSE, asdict(pause))
    sorted_by_an_earlier_version(running)
    running.workspace.clock.advance(NOTICE_SECONDS + 1)
    assert current(running).cause == cause
    assert "'sorterd undo --since" in str(running.request(do="resume")["undo"])
    running.restart()
    assert current(running) is None


def test_a_second_update_is_announced_too(running: Running) -> None:
    sorted_by_an_earlier_version(running)
    running.take_in({"new.mp4": b"cat 3"})
    running.workspace.clock.advance(NOTICE_SECONDS - 1)
    sorted_by_an_earlier_version(running)
    running.run()
    running.workspace.clock.advance(2)
    running.run()
    assert inbox(running) == ["new.mp4"]
    assert len([text for text in notes(running) if "the new version" in text]) == 2


# --- sidecars ---


@pytest.mark.parametrize(("cause", "stays"), [("user", True), ("update", False), ("taken back", False)])
def test_sidecars_follow_the_users_drag_unless_moving_is_paused(cause: Cause, stays: bool, running: Running) -> None:
    workspace = running.workspace
    running.loop.following = following(workspace)
    workspace.lay_out({"odd.mp4": b"lion 1", "odd.info.json": b"{}"})
    running.run()
    workspace.store.notes.put(MOVING_PAUSE, asdict(MovingPause(cause, "a reason", workspace.clock())))
    workspace.drag("odd.mp4", "cats/odd.mp4")
    running.run()
    workspace.clock.advance(2 * SETTLE)
    running.run()
    assert (workspace.root / "odd.info.json").exists() is stays
    running.request(do="resume")
    running.run()
    assert (workspace.root / "cats/odd.info.json").exists()


# --- the brake ---


def move_and_take_back(running: Running, count: int, *, into: str = ".") -> None:
    running.take_in({f"n{n}.mp4": f"cat 1{n}".encode() for n in range(count)})
    running.workspace.clock.advance(60.0)
    for n in range(count):
        running.workspace.drag(f"cats/n{n}.mp4", f"{into}/n{n}.mp4")
    running.run()


def test_it_stops_moving_when_the_user_takes_back_clearly_more_than_promised_until_resumed(running: Running) -> None:
    move_and_take_back(running, 6)
    running.take_in({"next.mp4": b"dog 9"})
    assert "next.mp4" in inbox(running)
    assert current(running).cause == "taken back"
    (said,) = [one.reason for one in running.heard(Fault) if "you took back" in one.reason]
    assert said.startswith("nothing is moved for now: you took back 6 of the last 6 moves")
    running.request(do="resume")
    running.run()
    assert "next.mp4" not in inbox(running)
    assert current(running) is None, "only later moves count"


def test_moves_that_a_new_folder_explains_do_not_stop_it(running: Running) -> None:
    """The user made a folder for them that was not there when they were moved."""
    (running.workspace.root / "kittens").mkdir()
    move_and_take_back(running, 6, into="kittens")
    running.take_in({"next.mp4": b"dog 9"})
    assert "next.mp4" not in inbox(running)
    assert current(running) is None


def test_a_lost_database_is_no_update(running: Running) -> None:
    running.take_in({"new.mp4": b"cat 3"})
    running.workspace.close()
    for file in running.workspace.state.glob("sorterd.sqlite3*"):
        file.unlink()
    running.workspace.open()
    running.start()
    running.take_in({"next.mp4": b"dog 3"})
    assert inbox(running) == []
