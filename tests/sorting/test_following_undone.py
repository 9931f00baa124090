"""Sidecars of videos that went on, came back or were undone, and of several videos of one name."""

import pytest
from support.workspace import Workspace

from sorterd.sorting.following import LATE_SECONDS
from sorting.sidecars import follow, left
from sorting.test_mover import entry


def test_each_of_them_can_be_taken_back_and_then_stays(dragged: Workspace) -> None:
    follow(dragged)
    assert [move.number for move in dragged.store.journal.latest(5)] == [3, 2, 1]
    dragged.mover.undo(entry(dragged, 2))
    assert dragged.on_disk() == {
        "a.info.json": b"{}",
        "cats": {"a.mp4": b"video", "a.mp4.xmp": b"x", "a-thumb.jpg": b"t"},
    }
    assert dragged.store.files.held() == frozenset()
    assert follow(dragged) == 0
    assert left(dragged) == {}, "that is how the user wants it"
    assert [move.number for move in dragged.store.journal.latest(5)] == [3, 1]


def test_what_comes_after_our_move_follows_and_goes_back_with_the_video(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"video", "a.jpg": b"p", "cats": {}})
    workspace.sort("a.mp4")
    workspace.lay_out({"a.srt": b"late"})
    assert follow(workspace) == 1
    assert workspace.on_disk() == {"cats": {"a.mp4": b"video", "a.jpg": b"p", "a.srt": b"late"}}
    assert [move.number for move in workspace.store.journal.latest(5)] == [1]
    workspace.mover.undo(entry(workspace, 1))
    assert workspace.on_disk() == {"a.mp4": b"video", "a.jpg": b"p", "a.srt": b"late", "cats": {}}
    assert entry(workspace, 2).undone
    assert follow(workspace) == 0


def test_undo_brings_back_what_followed_although_another_video_has_the_same_claim_by_now(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"video", "a.jpg": b"p", "cats": {}})
    workspace.sort("a.mp4")
    workspace.lay_out({"a.srt": b"late"})
    follow(workspace)
    workspace.take_in({"cats": {"a.mov": b"another", "a.txt": b"of a.mov"}})
    workspace.mover.undo(entry(workspace, 1))
    assert workspace.on_disk() == {
        "a.mp4": b"video", "a.jpg": b"p", "a.srt": b"late", "cats": {"a.mov": b"another", "a.txt": b"of a.mov"}
    }  # fmt: skip


def test_they_follow_a_video_that_has_gone_on_from_where_we_put_it(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"video", "a.jpg": b"p", "cats": {}, "dogs": {}})
    workspace.sort("a.mp4")
    workspace.drag("cats/a.mp4", "dogs/a.mp4")
    workspace.synchronize()
    workspace.lay_out({"a.srt": b"late, to the first place"})
    assert follow(workspace) == 2
    assert workspace.on_disk() == {
        "cats": {}, "dogs": {"a.mp4": b"video", "a.jpg": b"p", "a.srt": b"late, to the first place"}
    }  # fmt: skip


def test_a_video_that_the_user_takes_back_to_the_inbox_is_followed_there(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"video", "a.jpg": b"p", "cats": {}})
    workspace.sort("a.mp4")
    workspace.drag("cats/a.mp4", "a.mp4")
    workspace.synchronize()
    assert follow(workspace) == 1
    assert workspace.on_disk() == {"a.mp4": b"video", "a.jpg": b"p", "cats": {}}


def test_two_videos_of_one_stem_are_followed_when_both_are_in_one_folder(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "a.mov": b"two", "a.jpg": b"p", "cats": {}, "dogs": {}})
    workspace.sort("a.mp4")
    assert follow(workspace) == 0
    workspace.sort("a.mov", "dogs")
    assert follow(workspace) == 0
    assert (workspace.root / "a.jpg").exists()
    assert left(workspace) == {"a.jpg": "it belongs to a.mov and a.mp4, which lie in different folders now"}
    workspace.drag("dogs/a.mov", "cats/a.mov")
    workspace.synchronize()
    assert follow(workspace) == 1
    assert workspace.on_disk() == {"cats": {"a.mp4": b"one", "a.mov": b"two", "a.jpg": b"p"}, "dogs": {}}


def test_the_second_of_two_takes_the_shared_ones_along_to_the_first(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "a.mov": b"two", "a.jpg": b"p", "cats": {}})
    workspace.sort("a.mp4")
    assert workspace.sort("a.mov").plan.sidecars == (("a.jpg", "cats/a.jpg"),)


def test_another_video_of_that_name_keeps_what_is_its_own(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"video", "cats": {}})
    workspace.sort("a.mp4")
    workspace.take_in({"a.mp4": b"another", "a.srt": b"of the other"})
    assert follow(workspace) == 0
    assert (workspace.root / "a.srt").exists()


@pytest.mark.parametrize("coming", ["a.mp4.part", "a.f137.mp4.part", "a.mp4.crdownload"])
def test_what_comes_before_the_next_video_of_that_name_waits_for_it(workspace: Workspace, coming: str) -> None:
    workspace.take_in({"a.mp4": b"video", "cats": {}})
    workspace.sort("a.mp4")
    workspace.lay_out({"a.info.json": b"of the next", coming: b"half"})
    assert follow(workspace) == 0


def test_a_track_that_nothing_has_joined_for_an_hour_is_a_sidecar_like_any_other(workspace: Workspace) -> None:
    workspace.clock.now -= 3600
    workspace.take_in({"a.mp4": b"video", "a.f140.m4a": b"kept", "a.srt": b"s", "cats": {}})
    workspace.sort("a.mp4")
    assert follow(workspace) == 0
    workspace.clock.advance(3600)
    assert follow(workspace) == 1
    assert workspace.on_disk() == {"cats": {"a.mp4": b"video", "a.f140.m4a": b"kept", "a.srt": b"s"}}


def test_what_comes_long_after_a_video_has_gone_is_not_taken_for_its_own(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"video", "a.jpg": b"p", "cats": {}})
    workspace.clock.now -= LATE_SECONDS + 2 * 3600
    workspace.sort("a.mp4")
    workspace.clock.now += LATE_SECONDS + 2 * 3600
    workspace.lay_out({"a.srt": b"much later"})
    assert follow(workspace) == 0
    assert left(workspace) == {}
