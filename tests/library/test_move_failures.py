"""Why a move cannot be made: the disk, permissions, and what has gone since the plan."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.disks import as_nobody, remount_read_only, small_disk
from support.faults import as_if_other_disk
from support.tree import make, names, read

from library.test_move import moved, no_journal, planned
from sorterd.library.move import MoveFailed, carry_out, remove_stale_parts


def stays(root: Path, words: str, source: str = "a.mp4") -> None:
    """Try to move a video, which may work later: it fails for this reason, and changes nothing."""
    before = read(root)
    with pytest.raises(MoveFailed, match=words) as caught:
        moved(root, planned(root, source))
    assert caught.value.transient
    assert read(root) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "cats").rmdir(),
        lambda root: ((root / "cats").rmdir(), (root / "cats").symlink_to(root.parent / "outside")),
        lambda root: ((root / "cats").rmdir(), (root / "cats").write_bytes(b"")),
        lambda root: (root / "a.mp4").unlink(),
    ],
    ids=["folder removed", "folder swapped for a symlink", "folder swapped for a file", "source removed"],
)
def test_an_end_that_is_gone_fails_the_move_for_good(tmp_path: Path, change: Callable[[Path], object]) -> None:
    make(tmp_path / "outside", {})
    root = make(tmp_path / "videos", {"a.mp4": b"1", "cats": {}})
    plan = planned(root)
    change(root)
    before = read(tmp_path)
    with pytest.raises(MoveFailed, match="gone, or no longer what it was") as caught:
        moved(root, plan)
    assert not caught.value.transient
    assert read(tmp_path) == before


def test_a_full_disk_is_noticed_before_a_byte_is_written(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": bytes(2 << 20)})
    with small_disk(tmp_path / "cats", size="1m"):
        stays(tmp_path, "no space left on the disk of cats")


def test_a_disk_that_fills_up_during_a_copy_keeps_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a.mp4": bytes(2 << 20)})
    with small_disk(tmp_path / "cats", size="1m"):
        roomy = os.statvfs(tmp_path)
        monkeypatch.setattr(os, "fstatvfs", lambda _: roomy)
        stays(tmp_path, "no space left")


def test_a_disk_full_of_names_leaves_the_source_too(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1"})
    with small_disk(tmp_path / "cats", options=",nr_inodes=1"):
        stays(tmp_path, "no space left")


def test_a_read_only_category_is_a_reason_that_may_pass(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1"})
    with small_disk(tmp_path / "cats") as disk:
        remount_read_only(disk)
        stays(tmp_path, "cats is on a disk that is mounted read-only")


def test_nothing_is_copied_from_where_it_could_not_be_removed(tmp_path: Path) -> None:
    make(tmp_path, {"cats": {}})
    with small_disk(tmp_path / "inbox") as disk:
        make(disk, {"a.mp4": b"1"})
        remount_read_only(disk)
        stays(tmp_path, "may not write", "inbox/a.mp4")


def test_nothing_is_copied_out_of_a_shared_folder_from_which_only_its_owner_may_remove_it(open_folder: Path) -> None:
    """Mode 1777, as /tmp has it. Otherwise every attempt would copy gigabytes in vain."""
    open_folder.chmod(0o1777)
    make(open_folder, {"a.mp4": b"1"})
    with small_disk(open_folder / "cats", options=",mode=777") as disk, as_nobody():
        with pytest.raises(MoveFailed, match="may not write") as caught:
            carry_out(open_folder, planned(open_folder), no_journal, lambda: pytest.fail("was copied"))
        assert caught.value.transient
        assert (names(disk), (open_folder / "a.mp4").read_bytes()) == ([], b"1")


@pytest.mark.parametrize("forbidden", ["", "cats"])
def test_missing_permission_is_a_reason_that_may_pass(open_folder: Path, forbidden: str) -> None:
    make(open_folder, {"a.mp4": b"1", "cats": {}})
    for path in (open_folder, open_folder / "cats"):
        path.chmod(0o777)
    (open_folder / forbidden).chmod(0o555)
    with as_nobody():
        stays(open_folder, "may not write into cats or where the video lies")


def test_a_copy_that_reads_differently_is_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing disk or a lying controller: what was written reads back differently."""
    make(tmp_path, {"a.mp4": b"precious", "cats": {}})
    as_if_other_disk(monkeypatch.setattr)
    real = os.fsync

    def damage(descriptor: int) -> None:
        real(descriptor)
        os.pwrite(descriptor, b"\0", 3)

    monkeypatch.setattr(os, "fsync", damage)
    stays(tmp_path, "disk may be failing")


def test_a_copy_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a.mp4": bytes(5 << 20), "cats": {}})
    as_if_other_disk(monkeypatch.setattr)
    with pytest.raises(MoveFailed, match="stopped") as caught:
        carry_out(tmp_path, planned(tmp_path), no_journal, lambda: True)
    assert caught.value.transient
    assert names(tmp_path / "cats") == []


def test_a_journals_error_is_passed_on_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a.mp4": b"1", "cats": {}})
    as_if_other_disk(monkeypatch.setattr)

    def full(_: str) -> None:
        raise LookupError("the database is gone")

    with pytest.raises(LookupError):
        carry_out(tmp_path, planned(tmp_path), full)
    assert read(tmp_path) == {"a.mp4": b"1", "cats": {}}


def test_a_disk_that_does_not_know_its_size_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some FUSE file systems report 0 blocks."""
    make(tmp_path, {"a.mp4": b"1", "cats": {}})
    as_if_other_disk(monkeypatch.setattr)
    nothing = os.statvfs_result([0] * 10)
    monkeypatch.setattr(os, "fstatvfs", lambda _: nothing)
    moved(tmp_path, planned(tmp_path))
    assert read(tmp_path) == {"cats": {"a.mp4": b"1"}}


def test_stale_parts_are_found_wherever_they_lie_and_nothing_else_is_touched(tmp_path: Path) -> None:
    make(tmp_path, {".sorterd-00.part": b"x", "a.mp4": b"1", "cats": {"deep": {".sorterd-ff.part": b"x"}}})
    make(tmp_path, {"x.part": b"user's", ".sorterd-notes": b"user's", "dogs": {".sorterd-aa.part": {"b.mp4": b"2"}}})
    make(tmp_path.parent / "outside", {".sorterd-00.part": b"x"})
    (tmp_path / "link").symlink_to(tmp_path.parent / "outside")
    assert sorted(remove_stale_parts(tmp_path)) == [".sorterd-00.part", "cats/deep/.sorterd-ff.part"]
    assert (tmp_path.parent / "outside/.sorterd-00.part").exists()
    assert (tmp_path / "dogs/.sorterd-aa.part/b.mp4").exists()
    assert {".sorterd-notes", "a.mp4", "x.part"} <= set(names(tmp_path))
