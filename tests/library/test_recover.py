"""Each state that a crash can leave on disk, and what becomes of it. test_move_faults.py shows that these are all."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.disks import as_nobody, remount_read_only, small_disk
from support.faults import before_each_change, while_reading
from support.tree import Tree, id_of, make, read

from sorterd.library.endpoints import Ends
from sorterd.library.layout import LayoutRules
from sorterd.library.move import COPIED, recover
from sorterd.library.plan import MovePlan, plan_move


def planned(root: Path) -> MovePlan:
    make(root, {"a.mp4": b"video", "cats": {}})
    return plan_move(root, "a.mp4", "cats", id_of(root / "a.mp4"), rules=LayoutRules())


def part(root: Path) -> Path:
    return root / "cats" / Ends(0, "a.mp4", 0, "a.mp4").part


def copy_to(root: Path, target: Path) -> None:
    shutil.copy2(root / "a.mp4", target)


HERE, THERE = {"a.mp4": b"video", "cats": {}}, {"cats": {"a.mp4": b"video"}}
BOTH = {"a.mp4": b"video", "cats": {"a.mp4": b"video"}}
AWAY = {"b.mp4": b"video", "cats": {}}


# What had happened by then; the last step in the journal; what becomes of the move; where the files lie in the end.
CUT_SHORT: dict[str, tuple[*tuple[Callable[[Path], object], ...], str, str, Tree]] = {
    "nothing": ("", "not done", HERE),
    "renamed": (lambda root: (root / "a.mp4").rename(root / "cats/a.mp4"), "", "done", THERE),
    "linked, and the old name not removed": (
        lambda root: (root / "cats/a.mp4").hardlink_to(root / "a.mp4"), "", "done", THERE),
    "the name reserved": (lambda root: (root / "cats/a.mp4").touch(), "", "not done", HERE),
    "half of it copied": (lambda root: part(root).write_bytes(b"vid"), "", "not done", HERE),
    "copied without the name": (lambda root: copy_to(root, part(root)), COPIED, "not done", HERE),
    "copied, and the original not removed": (lambda root: copy_to(root, root / "cats/a.mp4"), COPIED, "done", THERE),
    "copied, and the hidden name not removed": (
        lambda root: copy_to(root, part(root)), lambda root: (root / "cats/a.mp4").hardlink_to(part(root)),
        COPIED, "done", THERE),
    "copied to a disk that keeps no exact times, and the original removed": (
        lambda root: (root / "a.mp4").unlink(), lambda root: make(root, THERE), COPIED, "done", THERE),
    "copied by the user, as the journal does not know the copy": (
        lambda root: copy_to(root, root / "cats/a.mp4"), "", "not done", BOTH),
    "copied without the name, which the user gave to another, and edited": (
        lambda root: copy_to(root, part(root)),
        lambda root: make(root, {"a.mp4": b"edited", "cats": {"a.mp4": b"theirs"}}),
        COPIED, "not done", {"a.mp4": b"edited", "cats": {"a.mp4": b"theirs"}}),
    "copied, and the original edited": (
        lambda root: copy_to(root, root / "cats/a.mp4"), lambda root: make(root, {"a.mp4": b"edited"}),
        COPIED, "done", {"a.mp4": b"edited", **THERE}),
    "taken away by the user": (lambda root: (root / "a.mp4").rename(root / "b.mp4"), "", "not done", AWAY),
    "taken away by the user, though the journal says that it was copied": (
        lambda root: (root / "a.mp4").rename(root / "b.mp4"), COPIED, "not done", AWAY),
    "taken away, and one of the same size and another time put there": (
        lambda root: (root / "a.mp4").rename(root / "b.mp4"), lambda root: make(root, {"cats": {"a.mp4": b"other"}}),
        lambda root: os.utime(root / "cats/a.mp4", ns=(1, 1)),
        "", "not done", {"b.mp4": b"video", "cats": {"a.mp4": b"other"}}),
}  # fmt: skip


@pytest.mark.parametrize("happened", CUT_SHORT)
def test_a_move_cut_short_after(tmp_path: Path, happened: str) -> None:
    *acts, step, outcome, after = CUT_SHORT[happened]
    plan = planned(tmp_path)
    for act in acts:
        act(tmp_path)
    assert recover(tmp_path, plan, step) == outcome
    assert read(tmp_path) == after


def test_a_file_that_somebody_has_just_begun_to_write_is_no_reserved_name(tmp_path: Path) -> None:
    plan = planned(tmp_path)
    with (tmp_path / "cats/a.mp4").open("wb") as theirs:
        assert recover(tmp_path, plan, "") == "not done"
        theirs.write(b"another video")
    assert read(tmp_path) == {"a.mp4": b"video", "cats": {"a.mp4": b"another video"}}


def test_the_same_device_may_have_another_number_after_a_restart(tmp_path: Path) -> None:
    plan = planned(tmp_path)
    id = plan.id
    elsewhere = MovePlan(plan.source, plan.destination, (), type(id)(id.device + 1, id.inode + 1, id.size, id.mtime_ns))
    (tmp_path / "a.mp4").rename(tmp_path / "cats/a.mp4")
    assert recover(tmp_path, elsewhere, "") == "done"


def test_sidecars_follow_a_video_that_had_moved(tmp_path: Path) -> None:
    make(tmp_path, {"a.jpg": b"picture", "a.srt": b"words", "a.txt": b"notes"})
    plan = planned(tmp_path)
    (tmp_path / "a.mp4").rename(tmp_path / "cats/a.mp4")
    (tmp_path / "a.jpg").rename(tmp_path / "cats/a.jpg")
    shutil.copy2(tmp_path / "a.txt", tmp_path / "cats/a.txt")
    assert recover(tmp_path, plan, "") == "done"
    after = {"a.mp4": b"video", "a.jpg": b"picture", "a.srt": b"words", "a.txt": b"notes"}
    assert read(tmp_path) == {"cats": after}


def test_somebody_elses_file_at_the_destination_is_never_touched(tmp_path: Path) -> None:
    plan = planned(tmp_path)
    (tmp_path / "cats/a.mp4").write_bytes(b"other")
    for step in ("", COPIED):
        assert recover(tmp_path, plan, step) == "not done"
        assert read(tmp_path) == {"a.mp4": b"video", "cats": {"a.mp4": b"other"}}


def test_an_original_replaced_while_it_is_compared_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing takes minutes for large files."""
    plan = planned(tmp_path)
    copy_to(tmp_path, tmp_path / "cats/a.mp4")
    make(tmp_path, {"b.mp4": b"encoded again"})
    while_reading(monkeypatch.setattr, lambda: (tmp_path / "b.mp4").rename(tmp_path / "a.mp4"))
    assert recover(tmp_path, plan, COPIED) == "done"
    assert read(tmp_path) == {"a.mp4": b"encoded again", "cats": {"a.mp4": b"video"}}


def test_an_original_stays_if_its_copy_goes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(tmp_path)
    copy_to(tmp_path, tmp_path / "cats/a.mp4")
    while_reading(monkeypatch.setattr, (tmp_path / "cats/a.mp4").unlink)
    assert recover(tmp_path, plan, COPIED) == "not done"
    assert read(tmp_path) == {"a.mp4": b"video", "cats": {}}


def test_the_category_is_gone_or_something_else_now(tmp_path: Path) -> None:
    plan = planned(tmp_path)
    (tmp_path / "cats").rmdir()
    assert recover(tmp_path, plan, COPIED) == "not done"
    (tmp_path / "cats").write_bytes(b"")
    assert recover(tmp_path, plan, COPIED) == "not done"
    (tmp_path / "cats").unlink()
    (tmp_path / "cats").symlink_to("/")
    assert recover(tmp_path, plan, COPIED) == "not done"


def test_the_folder_that_the_video_came_from_is_gone(tmp_path: Path) -> None:
    make(tmp_path, {"dogs": {"a.mp4": b"video"}, "cats": {}})
    plan = plan_move(tmp_path, "dogs/a.mp4", "cats", id_of(tmp_path / "dogs/a.mp4"), rules=LayoutRules())
    (tmp_path / "dogs/a.mp4").rename(tmp_path / "cats/a.mp4")
    (tmp_path / "dogs").rmdir()
    assert recover(tmp_path, plan, "") == "done"


def test_another_file_is_not_taken_for_the_video_whose_folder_is_gone(tmp_path: Path) -> None:
    make(tmp_path, {"dogs": {"a.mp4": b"video"}, "cats": {}})
    plan = plan_move(tmp_path, "dogs/a.mp4", "cats", id_of(tmp_path / "dogs/a.mp4"), rules=LayoutRules())
    shutil.rmtree(tmp_path / "dogs")
    (tmp_path / "cats/a.mp4").write_bytes(b"the user's")
    assert recover(tmp_path, plan, COPIED) == "not done"


def test_a_copy_is_sure_of_its_name_before_the_original_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(tmp_path)
    copy_to(tmp_path, tmp_path / "cats/a.mp4")
    done: list[str] = []
    before_each_change(monkeypatch.setattr, lambda name, _: done.append(name))
    assert recover(tmp_path, plan, COPIED) == "done"
    assert done[:2] == ["fsync", "unlink"]


def test_a_folder_that_cannot_be_looked_at_now_leaves_the_outcome_unknown(open_folder: Path) -> None:
    plan = planned(open_folder)
    (open_folder / "cats").chmod(0o700 if os.geteuid() == 0 else 0)
    with as_nobody():
        assert recover(open_folder, plan, "") == "unknown"
    (open_folder / "cats").chmod(0o700)
    assert recover(open_folder, plan, "") == "not done"


def test_a_part_on_a_disk_that_came_back_read_only_does_not_make_the_outcome_unknown(tmp_path: Path) -> None:
    """As happens when a drive that was not unmounted is mounted again."""
    make(tmp_path, {"a.mp4": b"video"})
    with small_disk(tmp_path / "cats") as disk:
        plan = planned(tmp_path)
        part(tmp_path).write_bytes(b"vid")
        remount_read_only(disk)
        assert recover(tmp_path, plan, "") == "not done"


def test_an_unreadable_original_leaves_the_outcome_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(tmp_path)
    copy_to(tmp_path, tmp_path / "cats/a.mp4")

    def bad_sector() -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    while_reading(monkeypatch.setattr, bad_sector)
    assert recover(tmp_path, plan, COPIED) == "done"
    assert read(tmp_path) == {"a.mp4": b"video", "cats": {"a.mp4": b"video"}}


def test_an_original_that_may_not_be_removed_does_not_make_the_outcome_unknown(open_folder: Path) -> None:
    plan = planned(open_folder)
    copy_to(open_folder, open_folder / "cats/a.mp4")
    (open_folder / "cats").chmod(0o777)
    open_folder.chmod(0o755 if os.geteuid() == 0 else 0o555)
    with as_nobody():
        assert recover(open_folder, plan, COPIED) == "done"
    open_folder.chmod(0o755)
    assert read(open_folder) == {"a.mp4": b"video", "cats": {"a.mp4": b"video"}}
