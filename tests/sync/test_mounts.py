"""Folders of the library that are file systems of their own, which die, go away, or are put back as others."""

import shutil
import subprocess
from pathlib import Path
from unittest.mock import patch

import pytest
from support.disks import bind_mount, dead_mount, small_disk
from support.running import Running, Words
from support.workspace import Workspace

from sorterd.library.plan import MoveRefused
from sorterd.sorting.mover import Mover, MoveUnclear


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder that is mounted as a part of the library."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


DOGS = {f"{number}.mp4": b"dog %d" % number for number in range(5)}  # so many that the others are not most of all


def test_a_category_whose_mount_has_died_does_not_keep_the_others_from_being_sorted(workspace: Workspace) -> None:
    workspace.lay_out({"cats": {}, "dogs": DOGS})
    with small_disk(workspace.root / "cats"):
        workspace.lay_out({"cats": {"c1.mp4": b"cat 1", "c2.mp4": b"cat 2"}})
        running = Running(workspace, Words(workspace.clock)).run()
        with dead_mount(workspace.root / "cats"):
            workspace.lay_out({"cat.mp4": b"cat 3", "dog.mp4": b"dog 9"})
            running.run()
            assert (workspace.root / "cat.mp4").exists()
            assert (workspace.root / "dogs/dog.mp4").exists()
        workspace.clock.advance(100)
        running.run()
        assert (workspace.root / "cats/cat.mp4").exists()


def test_videos_on_a_disk_inside_a_category_are_away_with_it_and_not_deleted(workspace: Workspace) -> None:
    workspace.lay_out({"a.mp4": b"one", "cats": {"c.mp4": b"cat", "deep": {}}, "dogs": DOGS})
    with small_disk(workspace.root / "cats/deep"):
        workspace.synchronize()
        workspace.sort("a.mp4")
        shutil.move(workspace.root / "cats/a.mp4", workspace.root / "cats/deep/a.mp4")
        workspace.synchronize()
        shutil.copy(workspace.root / "cats/deep/a.mp4", workspace.root / "a again.mp4")
        workspace.synchronize()
        before = workspace.known()
        assert before["cats/deep/a.mp4"] == "auto"
    workspace.synchronize()
    assert workspace.known() == before
    assert workspace.store.files.rejections() == {}


def test_a_category_whose_mount_point_vanishes_with_its_disk_is_away_and_not_deleted(workspace: Workspace) -> None:
    """As udisks and autofs do it."""
    workspace.lay_out({"a.mp4": b"one", "cats": {}, "dogs": DOGS})
    with small_disk(workspace.root / "cats"):
        workspace.take_in({"cats": {"c.mp4": b"cat"}})
        workspace.sort("a.mp4")
        workspace.synchronize()
        before = workspace.known()
    (workspace.root / "cats").rmdir()
    workspace.synchronize()
    assert workspace.known() == before
    assert "cats" in workspace.store.files.categories()


def test_a_library_put_back_onto_a_new_disk_with_the_number_of_the_old_one_is_the_same(workspace: Workspace) -> None:
    """Its folders are made in another order there, so that each has the inode of another."""
    with small_disk(workspace.root):
        workspace.lay_out({"dogs": {}, "cats": {}})
        workspace.lay_out(
            {"dogs": {"d.mp4": b"dog", "both.mp4": b"both"}, "cats": {"c.mp4": b"cat", "both.mp4": b"both"}}
        )
        workspace.take_in({"a.mp4": b"one"})
        workspace.sort("a.mp4")
        workspace.synchronize()
        before, device = workspace.known(), workspace.root.stat().st_dev
        shutil.copytree(workspace.root, workspace.state / "backup")
    with small_disk(workspace.root):
        if workspace.root.stat().st_dev != device:
            pytest.skip("the new disk got another number")
        for name in ("cats", "dogs"):
            shutil.copytree(workspace.state / "backup" / name, workspace.root / name)
        workspace.synchronize()
        assert workspace.known() == before
        assert workspace.store.files.rejections() == {}


@pytest.mark.parametrize("at", ["cats", "cats/deep"])
def test_a_bind_mount_that_is_away_is_no_deletion_of_videos(workspace: Workspace, elsewhere: Path, at: str) -> None:
    workspace.lay_out({"a.mp4": b"one", "cats": {"deep": {}}, "dogs": DOGS})
    (elsewhere / "c.mp4").write_bytes(b"cat")
    with bind_mount(elsewhere, workspace.root / at):
        workspace.synchronize()
        workspace.sort("a.mp4")
        shutil.move(workspace.root / "cats/a.mp4", workspace.root / f"{at}/b.mp4")
        workspace.synchronize()
        before = workspace.store.files.known()
        assert workspace.known()[f"{at}/b.mp4"] == "auto"
    for _ in range(2):
        seen = workspace.synchronize()
        assert workspace.store.files.known() == before
        assert [path for path, _ in seen.blind_spots] == [at]
        assert "nothing is mounted there any more" in seen.blind_spots[0][1]
        workspace.restart()
    if at == "cats":
        workspace.take_in({"new.mp4": b"two"})
        with pytest.raises(MoveRefused, match="another than it was"):
            workspace.sort("new.mp4")
    with bind_mount(elsewhere, workspace.root / at):
        assert workspace.synchronize().blind_spots == ()
        assert workspace.known().items() >= {f"{at}/b.mp4": "auto", f"{at}/c.mp4": "user"}.items()
    workspace.synchronize(believe=True)
    assert f"{at}/c.mp4" not in workspace.known()
    assert workspace.synchronize().blind_spots == ()


@pytest.mark.parametrize("at", ["cats", "cats/deep"])
@pytest.mark.parametrize("on_it", [[], ["c.mp4"], ["new.mp4"]], ids=["empty", "with a copy", "with another video"])
def test_videos_that_another_mount_covers_are_not_deleted(
    workspace: Workspace, elsewhere: Path, at: str, on_it: list[str]
) -> None:
    for name in on_it:
        (elsewhere / name).write_bytes(name.encode())
    inside = {"c.mp4": b"c.mp4", "d.mp4": b"d"}
    workspace.take_in({"a.mp4": b"one", "cats": {"deep": inside} if at == "cats/deep" else inside, "dogs": DOGS})
    workspace.sort("a.mp4")
    workspace.drag("cats/a.mp4", f"{at}/b.mp4")
    workspace.synchronize()
    before = workspace.known()
    with bind_mount(elsewhere, workspace.root / at):
        for _ in range(2):
            seen = workspace.synchronize()
            assert workspace.known().items() >= before.items()
            assert [path for path, reason in seen.blind_spots if "another disk is mounted over it" in reason] == [at]
            workspace.restart()
    assert workspace.synchronize().blind_spots == ()
    assert workspace.known() == before


def test_a_disk_mounted_over_a_folder_is_believed_when_the_user_says_so(workspace: Workspace, elsewhere: Path) -> None:
    workspace.take_in({"cats": {"c.mp4": b"cat"}, "dogs": DOGS})
    with bind_mount(elsewhere, workspace.root / "cats"):
        workspace.synchronize(believe=True)
        assert "cats/c.mp4" not in workspace.known()
        assert workspace.synchronize().blind_spots == ()


def test_a_library_that_is_a_bind_mount_of_the_same_disk_is_waited_for(workspace: Workspace, elsewhere: Path) -> None:
    with bind_mount(elsewhere, workspace.root):
        workspace.take_in({"cats": {"c.mp4": b"cat"}, "a.mp4": b"one"})
        before = workspace.store.files.known()
    seen = workspace.synchronize()
    for _ in range(3):
        assert seen.doubt is not None
        assert "is the disk mounted?" in seen.doubt.reason
        workspace.clock.advance(1000.0)
        seen = workspace.synchronize(earlier=seen.doubt)
    assert workspace.store.files.known() == before
    with bind_mount(elsewhere, workspace.root):
        assert workspace.synchronize().doubt is None
        assert workspace.store.files.known() == before


def test_what_was_taken_out_of_a_mount_that_is_gone_for_good_is_believed(
    workspace: Workspace, elsewhere: Path, tmp_path: Path
) -> None:
    workspace.lay_out({"cats": {}, "dogs": DOGS})
    with bind_mount(elsewhere, workspace.root / "cats"):
        workspace.take_in({"cats": {"c.mp4": b"cat", "d.mp4": b"dog"}})
        shutil.copytree(workspace.root / "cats", tmp_path / "copy")
    shutil.copytree(tmp_path / "copy", workspace.root / "cats", dirs_exist_ok=True)
    (workspace.root / "cats/d.mp4").unlink()
    seen = workspace.synchronize()
    assert seen.blind_spots == ()
    assert {path for path in workspace.known() if path.startswith("cats")} == {"cats/c.mp4"}


def test_a_move_cut_short_onto_a_bind_mount_is_settled_once_it_is_back(workspace: Workspace, elsewhere: Path) -> None:
    workspace.lay_out({"a.mp4": b"one", "cats": {}, "dogs": DOGS})
    with bind_mount(elsewhere, workspace.root / "cats"):
        workspace.take_in({"cats": {"c.mp4": b"cat"}})
        with patch.object(Mover, "_record", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            workspace.sort("a.mp4")
    workspace.restart()
    with pytest.raises(MoveUnclear):
        workspace.synchronize(settle_moves=workspace.mover.recover)
    with bind_mount(elsewhere, workspace.root / "cats"):
        workspace.synchronize(settle_moves=workspace.mover.recover)
        assert workspace.known()["cats/a.mp4"] == "auto"
        assert workspace.store.journal.unfinished() == []


@pytest.mark.parametrize("renamed", [False, True])
def test_a_disk_on_which_every_number_is_another_after_the_mount_is_not_read_again(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renamed: bool
) -> None:
    with small_disk(workspace.root):
        workspace.take_in({"a.mp4": b"cat", "z.mp4": b"one", "cats": {"c.mp4": b"two"}, "dogs": DOGS})
        workspace.sort("a.mp4")
        workspace.synchronize()
        before = workspace.known()
        subprocess.run(["cp", "-a", workspace.root, tmp_path / "copy"], check=True)
    if renamed:
        (tmp_path / "copy/cats").rename(tmp_path / "copy/felines")
    monkeypatch.setattr("sorterd.sync.synchronizer.fingerprint", lambda *_: pytest.fail("it was read again"))
    with small_disk(workspace.root):
        for name in ("dogs", "z.mp4", "felines" if renamed else "cats"):  # FAT counts, and so does tmpfs
            subprocess.run(["cp", "-a", tmp_path / "copy" / name, workspace.root / name], check=True)
        seen = workspace.synchronize()
        if seen.doubt is not None:  # a renamed folder looks lost at first
            workspace.clock.advance(100.0)
            seen = workspace.synchronize(earlier=seen.doubt)
        now = {path.replace("felines", "cats"): source for path, source in workspace.known().items()}
        assert now == before
        assert now["cats/a.mp4"] == "auto"
        assert workspace.store.files.rejections() == {}
        assert workspace.synchronize().changes == ()
