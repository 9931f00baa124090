"""What one sync cannot read, and what it does not believe."""

import os
import shutil

import pytest
from support.disks import as_nobody, small_disk
from support.workspace import Workspace

from sorterd.backoff import FIRST_DELAY, LONGEST_DELAY
from sorterd.library.plan import MoveRefused
from sorterd.library.scan import RootUnavailable
from sorterd.store.settings import ROOT
from sorterd.sync.guard import SECOND_SCAN_SECONDS
from sync.test_synchronizer import reasons

# --- what cannot be read ---------------------------------------------------------------------------------------------


def test_an_empty_file_is_no_video_until_it_has_content(workspace: Workspace) -> None:
    workspace.lay_out({"a.mp4": b""})
    seen = workspace.synchronize()
    assert seen.unreadable == (("a.mp4", "cannot be read: it is empty (0 bytes)"),)
    assert seen.again_at == workspace.clock.now + FIRST_DELAY
    assert (workspace.known(), reasons(workspace)) == ({}, {"a.mp4": "cannot be read: it is empty (0 bytes)"})
    (workspace.root / "a.mp4").write_bytes(b"one")
    workspace.synchronize()
    assert (set(workspace.known()), reasons(workspace)) == ({"a.mp4"}, {})


def test_a_file_that_cannot_be_read_is_tried_again_later_and_later_but_never_given_up(workspace: Workspace) -> None:
    workspace.lay_out({"a.mp4": b""})
    waits = []
    for _ in range(5):
        seen = workspace.synchronize()
        assert seen.again_at is not None
        waits.append(seen.again_at - workspace.clock.now)
        assert workspace.synchronize().unreadable == (), "not before its time"
        workspace.clock.now = seen.again_at
    assert waits == pytest.approx([FIRST_DELAY, 8 * FIRST_DELAY, LONGEST_DELAY, LONGEST_DELAY, LONGEST_DELAY])


def test_the_trouble_with_a_deleted_file_is_forgotten(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b""})
    (workspace.root / "a.mp4").unlink()
    workspace.synchronize()
    assert reasons(workspace) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a user who may less than this one")
def test_a_file_without_permission_is_told_of_and_read_once_there_is(shared_workspace: Workspace) -> None:
    shared_workspace.lay_out({"a.mp4": b"one", "b.mp4": b"two"})
    (shared_workspace.root / "a.mp4").chmod(0)
    with as_nobody():
        seen = shared_workspace.synchronize()
        assert seen.unreadable == (("a.mp4", "cannot be read: Permission denied"),)
        assert set(shared_workspace.known()) == {"b.mp4"}
        assert seen.again_at is not None
        for _ in range(3):  # it has failed so often that it would wait for an hour
            shared_workspace.clock.now = shared_workspace.synchronize().again_at or 0.0
        assert shared_workspace.synchronize().again_at is not None
    (shared_workspace.root / "a.mp4").chmod(0o644)
    with as_nobody():
        shared_workspace.synchronize()
    assert (set(shared_workspace.known()), reasons(shared_workspace)) == ({"a.mp4", "b.mp4"}, {})


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a user who may less than this one")
def test_a_folder_without_permission_keeps_what_was_known_in_it(shared_workspace: Workspace) -> None:
    shared_workspace.take_in({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    (shared_workspace.root / "cats").chmod(0)
    with as_nobody():
        seen = shared_workspace.synchronize()
    assert [path for path, _ in seen.blind_spots] == ["cats"]
    assert (seen.changes, seen.doubt) == ((), None)
    assert shared_workspace.known() == {"a.mp4": None, "cats/b.mp4": "user"}
    assert list(shared_workspace.store.files.categories()) == ["cats"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a user who may less than this one")
def test_a_renamed_folder_is_the_same_although_it_could_not_be_read_for_a_while(shared_workspace: Workspace) -> None:
    shared_workspace.take_in({"a.mp4": b"one", "cats": {}, "dogs": {"d.mp4": b"dog"}})
    shared_workspace.sort("a.mp4")
    shared_workspace.drag("cats", "felines")
    for mode in (0, 0o755):
        (shared_workspace.root / "felines").chmod(mode)
        with as_nobody():
            shared_workspace.synchronize()
    assert shared_workspace.known() == {"felines/a.mp4": "auto", "dogs/d.mp4": "user"}


# --- what is not believed --------------------------------------------------------------------------------------------


def replace_root(workspace: Workspace) -> None:
    workspace.root.rename(workspace.root.with_name("elsewhere"))
    workspace.root.mkdir()


def test_a_root_replaced_by_an_empty_folder_is_not_believed_at_once(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    replace_root(workspace)
    before = workspace.store.changes()
    seen = workspace.synchronize()
    assert seen.doubt is not None
    assert "all 2 known videos are missing at once" in seen.doubt.reason
    assert seen.again_at is not None
    assert (seen.changes, workspace.store.changes()) == ((), before)


def test_a_library_that_was_moved_to_another_disk_is_at_home_there(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    device, inode = workspace.store.notes.get(ROOT) or [0, 0]
    workspace.store.notes.put(ROOT, [device + 7, inode])  # as if it had been on another until now
    workspace.synchronize()
    replace_root(workspace)
    first = workspace.synchronize()
    workspace.clock.advance(SECOND_SCAN_SECONDS)
    second = workspace.synchronize(earlier=first.doubt)
    assert second.doubt is None, "the disk is the one that it was on"


def test_a_missing_root_is_an_error_and_changes_nothing(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one"})
    workspace.root.rename(workspace.root.with_name("elsewhere"))
    with pytest.raises(RootUnavailable, match="is not there"):
        workspace.synchronize()
    assert set(workspace.known()) == {"a.mp4"}


def test_an_unmounted_disk_is_waited_for_however_long_it_takes(workspace: Workspace) -> None:
    with small_disk(workspace.root):
        workspace.take_in({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    seen = workspace.synchronize()
    for _ in range(5):
        workspace.clock.advance(SECOND_SCAN_SECONDS * 10)
        seen = workspace.synchronize(earlier=seen.doubt)
    assert seen.doubt is not None
    assert "is the disk mounted?" in seen.doubt.reason
    assert "--accept-missing" in seen.doubt.reason
    assert set(workspace.known()) == {"a.mp4", "cats/b.mp4"}


def test_a_category_whose_own_disk_is_unmounted_is_away_and_not_emptied(workspace: Workspace) -> None:
    """However few of all videos lie in it: else the model would be trained without the folder."""
    workspace.lay_out(
        {"dogs": {f"{number}.mp4": b"dog %d" % number for number in range(5)}, "a.mp4": b"one", "cats": {}}
    )
    with small_disk(workspace.root / "cats"):
        workspace.take_in({"cats": {"b.mp4": b"two", "deep": {"c.mp4": b"three"}}})
        before = workspace.known()
    for _ in range(3):
        workspace.clock.advance(SECOND_SCAN_SECONDS)
        seen = workspace.synchronize()
        assert (seen.changes, seen.folders_changed) == ((), False)
        (spot,) = seen.blind_spots
        assert spot[0] == "cats"
        assert "is its disk mounted?" in spot[1]
        with pytest.raises(MoveRefused, match="another than it was"):
            workspace.sort("a.mp4", "cats")
    assert workspace.known() == before
    seen = workspace.synchronize(believe=True)
    assert set(workspace.known()) == {"a.mp4", *(f"dogs/{number}.mp4" for number in range(5))}
    assert "cats" in workspace.store.files.categories()


def test_an_empty_category_on_another_disk_than_before_is_just_that(workspace: Workspace) -> None:
    workspace.take_in({"dogs": {"d.mp4": b"dog"}, "cats": {}})
    with small_disk(workspace.root / "cats"):
        assert workspace.synchronize().blind_spots == ()
        workspace.take_in({"cats": {"b.mp4": b"two"}})
        assert workspace.known() == {"cats/b.mp4": "user", "dogs/d.mp4": "user"}


def test_a_library_copied_to_another_disk_is_the_same_library(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    old = workspace.root.rename(workspace.root.with_name("old"))
    with small_disk(workspace.root):
        shutil.copytree(old, workspace.root, dirs_exist_ok=True)
        seen = workspace.synchronize()
        assert seen.doubt is None
        assert workspace.known() == {"a.mp4": None, "cats/b.mp4": "user"}
        assert workspace.synchronize().changes == ()


def test_it_tells_how_long_it_read(workspace: Workspace) -> None:
    workspace.lay_out({"a.mp4": b"one"})
    times = iter([0.0, 0.0, 1.0, 1.0, 1.0, 30.0])
    workspace.timer = lambda: next(times)
    workspace.restart()
    assert workspace.synchronize().reading == 30.0
