"""After the user has done something, the log and `status` say what that changed for the videos that wait."""

import pytest
from support.running import LIBRARY, Running, Words
from support.workspace import Workspace

from sorterd.activity import Note
from sorterd.config import Config
from sorterd.daemon.status import status
from sorterd.report.status_page import print_status
from sorterd.sorting.moving_pause import MovingPauses

WAITING = {"l1.mp4": b"lion 1", "l2.mp4": b"lion 2", "l3.mp4": b"lion 3", "w1.mp4": b"wolf 1"}


@pytest.fixture
def running(workspace: Workspace) -> Running:
    """Four videos wait that the model knows no folder of."""
    workspace.lay_out({**LIBRARY, **WAITING})
    running = Running(workspace, Words(workspace.clock)).run()
    workspace.clock.advance(60.0)
    return running


def learned(running: Running) -> list[str]:
    return [note.text for note in running.heard(Note) if note.text.startswith("learned")]


def drag(running: Running, source: str, target: str) -> None:
    (running.workspace.root / target).parent.mkdir(exist_ok=True)
    running.workspace.drag(source, target)
    running.loop.hint()
    running.run()
    running.workspace.clock.advance(60.0)


def document(running: Running) -> dict[str, object]:
    workspace = running.workspace
    return status(
        Config(videos=workspace.root, state_dir=workspace.state), workspace.store, None, None, now=workspace.clock()
    )


def test_the_first_training_tells_nothing(running: Running) -> None:
    assert learned(running) == []
    assert document(running)["learned"] is None


def test_a_drag_tells_how_many_more_can_be_moved_though_they_are_moved_by_then(
    running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    at = running.workspace.clock()
    drag(running, "l1.mp4", "lions/l1.mp4")
    assert running.on_disk["lions"] == {name: WAITING[name] for name in ("l1.mp4", "l2.mp4", "l3.mp4")}
    said = "2 more can be moved by themselves"
    assert learned(running) == [f"learned: {said}"]
    found = document(running)
    assert found["learned"] == {"at": at, "more": 2, "fewer": 0, "other": 0, "sentence": said}
    print_status({**found, "model": None})
    assert f"learned\t{said} (" in capsys.readouterr().out


def test_while_nothing_is_moved_what_can_be_moved_and_no_longer_can_is_counted(running: Running) -> None:
    MovingPauses(running.workspace.store).pause(running.workspace.clock())
    drag(running, "l1.mp4", "lions/l1.mp4")
    assert "l2.mp4" in running.on_disk
    drag(running, "lions/l1.mp4", "l1.mp4")
    assert learned(running) == ["learned: 2 more can be moved by themselves", "learned: 2 fewer can be moved"]


def test_a_drag_that_changes_nothing_says_so(running: Running) -> None:
    drag(running, "w1.mp4", "wolves/w1.mp4")
    assert learned(running) == ["learned: nothing changes for the videos that wait"]


def test_where_nothing_waits_nothing_is_told(workspace: Workspace) -> None:
    workspace.lay_out(LIBRARY)
    running = Running(workspace, Words(workspace.clock)).run()
    workspace.clock.advance(60.0)
    drag(running, "cats/c1.mp4", "dogs/c1.mp4")
    assert (learned(running), document(running)["learned"]) == ([], None)


def test_a_training_that_the_user_did_not_cause_tells_nothing(running: Running) -> None:
    running.loop.pipeline.do_again()
    running.run()
    assert learned(running) == []


def test_two_drags_before_all_is_predicted_again_are_told_together(running: Running) -> None:
    dragged = [("w1.mp4", "wolves/w1.mp4")]

    def another(job: object) -> None:
        if type(job).__name__ == "Predict" and dragged:
            running.workspace.clock.advance(1.0)
            source, target = dragged.pop()
            (running.workspace.root / target).parent.mkdir()
            running.workspace.drag(source, target)
            running.loop.hint()

    running.worker.before = another
    drag(running, "l1.mp4", "lions/l1.mp4")
    assert learned(running) == ["learned: 2 more can be moved by themselves"]


def test_the_last_effect_is_still_known_after_a_restart(running: Running) -> None:
    drag(running, "l1.mp4", "lions/l1.mp4")
    told = document(running)["learned"]
    running.restart().run()
    assert told is not None
    assert document(running)["learned"] == told
