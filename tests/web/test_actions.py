"""What the page asks of the service. The moves are real."""

from dataclasses import replace
from typing import Any

import pytest

from sorterd.prediction import HeldOutPrediction
from sorterd.service.control import NoAnswer, NotRunning
from sorterd.store.store import DATABASE
from sorterd.web.actions import Actions, Refused
from sorterd.web.facts import places
from sorterd.web.misfiled import misfiled
from web.shelf import Shelf


@pytest.fixture
def full(shelf: Shelf) -> Shelf:
    shelf.lay_out({"a.mp4": b"a", "b.mp4": b"b", "cats": {"tom.mp4": b"tom"}, "dogs": {"rex.mp4": b"rex"}})
    return shelf


def test_a_label_is_a_move_and_counts_as_the_users(full: Shelf) -> None:
    done = full.actions().file(full.id("a.mp4"), None, "cats", new=False)
    assert full.workspace.known()["cats/a.mp4"] == "user"
    assert (full.workspace.root / "cats" / "a.mp4").read_bytes() == b"a"
    assert done["notes"] == []


def test_it_is_taken_back_by_its_number(full: Shelf) -> None:
    done = full.actions().file(full.id("a.mp4"), None, "birds", new=True)
    full.actions().undo(done["moves"])
    assert full.workspace.known()["a.mp4"] is None
    with pytest.raises(Refused, match="has been undone already"):
        full.actions().undo(done["moves"])


def test_all_copies_go_together_and_come_back_together(full: Shelf) -> None:
    full.lay_out({"a (1).mp4": b"a"})
    done = full.actions().file(full.id("a.mp4"), None, "cats", new=False)
    assert {"a.mp4", "a (1).mp4"} <= set(full.workspace.on_disk()["cats"])  # type: ignore[call-overload]
    full.actions().undo(done["moves"])
    assert {"a.mp4", "a (1).mp4"} <= set(full.workspace.on_disk())


def test_only_what_lies_where_the_page_saw_it_is_moved(full: Shelf) -> None:
    video = full.id("a.mp4")
    full.workspace.drag("a.mp4", "dogs/a.mp4")
    full.workspace.synchronize()
    with pytest.raises(Refused, match="this video does not lie in the inbox any more"):
        full.actions().file(video, None, "cats", new=False)
    with pytest.raises(Refused, match="this video does not lie in the inbox any more"):
        full.actions().file("../a.mp4", None, "cats", new=False)
    assert full.asked == []


def test_a_video_that_took_the_path_meanwhile_is_not_moved(full: Shelf) -> None:
    def ask(request: dict[str, Any]) -> dict[str, Any]:
        full.workspace.drag("a.mp4", "x.mp4")
        full.workspace.drag("b.mp4", "a.mp4")
        full.workspace.synchronize()  # as the service does before it files
        return full.ask(request)

    actions = Actions(ask, lambda video: places(full.config, video))
    with pytest.raises(Refused, match=r"another video lies at a\.mp4 now"):
        actions.file(full.id("a.mp4"), None, "birds", new=True)
    assert full.workspace.on_disk().keys() == {"a.mp4", "x.mp4", "cats", "dogs"}


@pytest.mark.parametrize("folder", ["../elsewhere", ".hidden", "a/b", ""])
def test_a_folder_that_can_be_none_is_refused_with_the_reason(full: Shelf, folder: str) -> None:
    with pytest.raises(Refused):
        full.actions().file(full.id("a.mp4"), None, folder, new=True)
    assert full.workspace.known()["a.mp4"] is None


def test_moves_of_ours_are_confirmed_together(full: Shelf) -> None:
    for path in ("a.mp4", "b.mp4"):
        full.workspace.sort(path)
    one, other = full.id("cats/a.mp4"), full.id("cats/b.mp4")
    full.workspace.drag("cats/b.mp4", "dogs/b.mp4")
    full.workspace.synchronize()
    done = full.actions().confirm([(one, "cats"), (other, "cats")])
    assert done == {"confirmed": [one], "notes": []}
    assert full.workspace.known()["cats/a.mp4"] == "confirmed"
    with pytest.raises(Refused, match="none of these lies where sorterd has put it any more"):
        full.actions().confirm([(other, "cats")])


def test_none_of_these_is_a_rejection_of_each_and_is_taken_back(full: Shelf) -> None:
    video = full.id("a.mp4")
    full.workspace.store.files.reject(video, "dogs", now=1.0)
    done = full.actions().leave(video, None, ["cats", "dogs", "no such folder"])
    assert done["rejected"] == ["cats"]
    assert full.workspace.store.files.rejections() == {video: {"cats", "dogs"}}
    full.actions().withdraw(video, None, done["rejected"])
    assert full.workspace.store.files.rejections() == {video: {"dogs"}}


def test_where_nothing_was_offered_there_is_nothing_to_reject(full: Shelf) -> None:
    assert full.actions().leave(full.id("a.mp4"), None, []) == {"rejected": [], "notes": []}
    assert full.asked == []


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (NotRunning("no sorterd"), "does not run any more, so nothing was changed"),
        (NoAnswer("it did not answer within 90 seconds"), "look at the list again in a moment"),
    ],
)
def test_without_a_service_nothing_is_done_and_that_is_said(full: Shelf, error: Exception, says: str) -> None:
    def ask(_: dict[str, Any]) -> dict[str, Any]:
        raise error

    with pytest.raises(Refused, match=says):
        Actions(ask, lambda video: places(full.config, video)).file(full.id("a.mp4"), None, "cats", new=False)


def test_a_busy_service_is_passed_on(full: Shelf) -> None:
    actions = Actions(lambda _: {"refused": "the service is busy"}, lambda video: places(full.config, video))
    with pytest.raises(Refused, match="the service is busy"):
        actions.retry(full.id("a.mp4"))


def test_that_a_label_is_right_is_kept_with_the_journal_and_can_be_taken_back(full: Shelf) -> None:
    tom = full.id("cats/tom.mp4")
    said = {tom: HeldOutPrediction("cats", "dogs", 0.95, True)}
    assert len(misfiled(replace(full.facts(), held_out=said))) == 1
    done = full.actions().leave(tom, "cats", ["dogs"])
    full.workspace.close()
    (full.workspace.state / DATABASE).unlink()
    full.workspace.open()
    assert misfiled(replace(full.facts(), held_out=said)) == []
    assert full.workspace.known()["cats/tom.mp4"] == "user"
    full.actions().withdraw(tom, "cats", done["rejected"])
    assert len(misfiled(replace(full.facts(), held_out=said))) == 1


def test_nobody_says_that_a_video_does_not_belong_where_it_lies(full: Shelf) -> None:
    with pytest.raises(Refused, match="drag it out"):
        full.actions().leave(full.id("cats/tom.mp4"), "cats", ["cats", "dogs"])
    assert full.workspace.store.files.rejections() == {}


def test_a_group_is_filed_as_far_as_it_still_waits_and_taken_back(full: Shelf) -> None:
    full.lay_out({"a (1).mp4": b"a"})
    videos = [full.id("a.mp4"), full.id("b.mp4"), full.id("cats/tom.mp4"), "f" * 32]
    done = full.actions().make(videos, "new ones")
    assert set(full.workspace.on_disk()["new ones"]) == {"a.mp4", "a (1).mp4", "b.mp4"}  # type: ignore[call-overload]
    assert done["notes"] == ["2 videos had left the inbox and were skipped"]
    full.actions().undo(done["moves"])
    assert {"a.mp4", "a (1).mp4", "b.mp4"} <= set(full.workspace.on_disk())
    with pytest.raises(Refused, match="nothing can be filed in"):
        full.actions().make(videos, "a/b")
    with pytest.raises(Refused, match="none of these videos is in the inbox any more"):
        full.actions().make(videos[2:], "new ones")
