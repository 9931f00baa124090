"""What others do to a video or its folder in the middle of a move."""

import errno
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.disks import small_disk
from support.faults import as_if_other_disk, before_each_change, while_reading
from support.tree import make, read

from library.test_move import moved, no_journal, planned
from sorterd.library import rename
from sorterd.library.move import MoveFailed, carry_out


def written(root: Path) -> None:
    (root / "a.mp4").write_bytes(b"written meanwhile")


def replaced_by_one_of_its_size(root: Path) -> None:
    (root / "b.mp4").write_bytes(b"is another")
    os.utime(root / "b.mp4", ns=(1, 1))
    (root / "b.mp4").replace(root / "a.mp4")


changed = pytest.mark.parametrize(
    ("change", "after"), [(written, b"written meanwhile"), (replaced_by_one_of_its_size, b"is another")]
)


@changed
def test_a_video_that_is_replaced_at_the_last_moment_goes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], after: bytes
) -> None:
    make(tmp_path, {"a.mp4": b"decided on", "cats": {}})
    plan = planned(tmp_path)
    _just_before_the_rename(monkeypatch, lambda: change(tmp_path))
    with pytest.raises(MoveFailed, match="changed"):
        moved(tmp_path, plan)
    assert read(tmp_path) == {"a.mp4": after, "cats": {}}


def test_a_video_that_is_written_while_it_is_copied_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a.mp4": b"decided on", "cats": {}})
    as_if_other_disk(monkeypatch.setattr)
    plan = planned(tmp_path)

    def write(_: str) -> None:
        (tmp_path / "a.mp4").write_bytes(b"written meanwhile")

    with pytest.raises(MoveFailed, match="changed"):
        carry_out(tmp_path, plan, write)
    assert read(tmp_path) == {"a.mp4": b"written meanwhile", "cats": {}}


@changed
def test_a_copy_of_a_changed_file_never_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], after: bytes
) -> None:
    make(tmp_path, {"a.mp4": b"decided on", "cats": {}})
    as_if_other_disk(monkeypatch.setattr)

    def change_instead_of_stopping() -> bool:
        change(tmp_path)
        return False

    with pytest.raises(MoveFailed, match="changed"):
        carry_out(tmp_path, planned(tmp_path), lambda _: pytest.fail("was journalled"), change_instead_of_stopping)
    assert read(tmp_path) == {"a.mp4": after, "cats": {}}


def test_only_the_file_that_was_decided_on_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a.mp4": b"decided on", "b.mp4": b"another", "cats": {}})
    plan = planned(tmp_path)

    def swap() -> None:
        (tmp_path / "a.mp4").rename(tmp_path / "c.mp4")
        (tmp_path / "b.mp4").rename(tmp_path / "a.mp4")
        (tmp_path / "c.mp4").rename(tmp_path / "b.mp4")

    def swap_at_the_rename(*_: object) -> None:
        swap()
        raise OSError(errno.EXDEV, "another disk")

    swaps = iter([swap])  # swapped back while the wrong file is being read

    def swap_back_once() -> bool:
        next(swaps, bool)()
        return False

    monkeypatch.setattr("sorterd.library.transfer.rename_new", swap_at_the_rename)
    with pytest.raises(MoveFailed, match="changed"):
        carry_out(tmp_path, plan, lambda _: pytest.fail("was journalled"), swap_back_once)
    assert read(tmp_path) == {"a.mp4": b"decided on", "b.mp4": b"another", "cats": {}}


def test_a_copy_is_sure_of_its_name_before_the_original_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut may undo the rename and not the removal."""
    make(tmp_path, {"a.mp4": b"1", "cats": {}})
    as_if_other_disk(monkeypatch.setattr)
    done: list[str] = []
    before_each_change(monkeypatch.setattr, lambda name, _: done.append(name))
    moved(tmp_path, planned(tmp_path))
    assert done[done.index("renameat2") :][:3] == ["renameat2", "fsync", "unlink"]


def test_a_file_in_place_of_the_copy_stays_if_a_move_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a.mp4": b"1", "b.mp4": b"the user's", "cats": {}})
    as_if_other_disk(monkeypatch.setattr)
    done: list[str] = []

    def disturb(name: str, _: object) -> None:
        done.append(name)
        if done[-3:] == ["renameat2", "fsync", "unlink"]:  # of the original
            (tmp_path / "b.mp4").replace(tmp_path / "cats/a.mp4")
            raise OSError(errno.EIO, "broken")

    before_each_change(monkeypatch.setattr, disturb)
    with pytest.raises(MoveFailed):
        moved(tmp_path, planned(tmp_path))
    assert read(tmp_path) == {"a.mp4": b"1", "cats": {"a.mp4": b"the user's"}}


def test_the_copy_stays_if_the_original_goes_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a.mp4": b"1", "cats": {}})
    as_if_other_disk(monkeypatch.setattr)
    carry_out(tmp_path, planned(tmp_path), lambda _: (tmp_path / "a.mp4").unlink())
    assert read(tmp_path) == {"cats": {"a.mp4": b"1"}}


def test_a_video_that_somebody_has_open_for_writing_is_not_copied(tmp_path: Path) -> None:
    """A rename takes the writer along. After a copy, what it writes into the original would be lost."""
    make(tmp_path, {"a.mp4": b"first half, "})
    with small_disk(tmp_path / "cats"), (tmp_path / "a.mp4").open("ab") as download:
        with pytest.raises(MoveFailed, match="the file is in use") as caught:
            carry_out(tmp_path, planned(tmp_path), no_journal, lambda: pytest.fail("was copied"))
        assert caught.value.transient
        download.write(b"second half")
        download.flush()
        assert read(tmp_path) == {"a.mp4": b"first half, second half", "cats": {}}


def test_a_video_opened_for_writing_during_its_copy_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tag editor does so: it reads first and writes later."""
    make(tmp_path, {"a.mp4": b"first half, "})
    with small_disk(tmp_path / "cats"), ExitStack() as editor:
        while_reading(
            monkeypatch.setattr, lambda: editor.enter_context((tmp_path / "a.mp4").open("ab")).write(b"second half")
        )
        with pytest.raises(MoveFailed, match="the file is in use"):
            moved(tmp_path, planned(tmp_path))
        editor.close()
        assert read(tmp_path) == {"a.mp4": b"first half, second half", "cats": {}}


def test_a_folder_removed_during_a_copy_leaves_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a.mp4": b"1", "cats": {}})
    as_if_other_disk(monkeypatch.setattr)

    def remove(_: str) -> None:
        for part in (tmp_path / "cats").iterdir():
            part.unlink()
        (tmp_path / "cats").rmdir()

    with pytest.raises(MoveFailed) as caught:
        carry_out(tmp_path, planned(tmp_path), remove)
    assert not caught.value.transient
    assert read(tmp_path) == {"a.mp4": b"1"}


def test_a_video_does_not_follow_a_folder_into_the_trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Possible between branches of mergerfs or btrfs subvolumes: the file is copied without a mount point."""
    root = make(tmp_path / "videos", {"a.mp4": b"1", "cats": {}})
    as_if_other_disk(monkeypatch.setattr)

    def throw_away(_: str) -> None:
        (root / "cats").rename(tmp_path / "trash")

    with pytest.raises(MoveFailed, match="gone, or no longer what it was"):
        carry_out(root, planned(root), throw_away)
    assert read(tmp_path) == {"trash": {}, "videos": {"a.mp4": b"1"}}


def _just_before_the_rename(monkeypatch: pytest.MonkeyPatch, action: Callable[[], object]) -> None:
    def disturbed(source_folder: int, source: str, target_folder: int, target: str) -> None:
        monkeypatch.undo()
        action()
        rename.rename_new(source_folder, source, target_folder, target)

    monkeypatch.setattr("sorterd.library.transfer.rename_new", disturbed)
