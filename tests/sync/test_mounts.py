"""Folders of the library that are file systems of their own, which die, go away, or are put back as others."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from unittest.mock import patch

import pytest
from support.disks import bind_mount, dead_mount, small_disk
from support.house import House
from support.running import Running, Words

from sorterd.library.plan import MoveRefused
from sorterd.sorting.mover import Mover, MoveUnclear

DOGS = {f"{number}.mp4": b"dog %d" % number for number in range(5)}  # so many that the others are not most of all


def test_a_category_whose_mount_has_died_does_not_keep_the_others_from_being_sorted(house: House) -> None:
    house.lay_out({"cats": {}, "dogs": DOGS})
    with small_disk(house.root / "cats"):
        house.lay_out({"cats": {"c1.mp4": b"cat 1", "c2.mp4": b"cat 2"}})
        running = Running(house, Words(house.clock))
        running.run()
        with dead_mount(house.root / "cats"):
            house.lay_out({"cat.mp4": b"cat 3", "dog.mp4": b"dog 9"})
            running.run()
            assert (house.root / "cat.mp4").exists()
            assert (house.root / "dogs/dog.mp4").exists()
        house.clock.advance(100)
        running.run()
        assert (house.root / "cats/cat.mp4").exists()


def test_videos_on_a_disk_inside_a_category_are_away_with_it_and_not_deleted(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {"c.mp4": b"cat", "deep": {}}, "dogs": DOGS})
    with small_disk(house.root / "cats/deep"):
        house.synchronize()
        house.sort("a.mp4")
        shutil.move(house.root / "cats/a.mp4", house.root / "cats/deep/a.mp4")
        house.synchronize()
        shutil.copy(house.root / "cats/deep/a.mp4", house.root / "a again.mp4")
        house.synchronize()
        before = house.known()
        assert before["cats/deep/a.mp4"] == "auto"
    house.synchronize()
    assert house.known() == before
    assert house.store.files.rejections() == {}


def test_a_category_whose_mount_point_vanishes_with_its_disk_is_away_and_not_deleted(house: House) -> None:
    """As udisks and autofs do it."""
    house.lay_out({"a.mp4": b"one", "cats": {}, "dogs": DOGS})
    with small_disk(house.root / "cats"):
        house.lay_out({"cats": {"c.mp4": b"cat"}})
        house.synchronize()
        house.sort("a.mp4")
        house.synchronize()
        before = house.known()
    (house.root / "cats").rmdir()
    house.synchronize()
    assert house.known() == before
    assert "cats" in house.store.files.categories()


def test_a_library_put_back_onto_a_new_disk_with_the_number_of_the_old_one_is_the_same(house: House) -> None:
    """Its folders are made in another order there, so that each has the inode of another."""
    with small_disk(house.root):
        house.lay_out({"dogs": {}, "cats": {}})
        house.lay_out({"dogs": {"d.mp4": b"dog", "both.mp4": b"both"}, "cats": {"c.mp4": b"cat", "both.mp4": b"both"}})
        house.lay_out({"a.mp4": b"one"})
        house.synchronize()
        house.sort("a.mp4")
        house.synchronize()
        before, device = house.known(), house.root.stat().st_dev
        shutil.copytree(house.root, house.state / "backup")
    with small_disk(house.root):
        if house.root.stat().st_dev != device:
            pytest.skip("the new disk got another number")
        for name in ("cats", "dogs"):
            shutil.copytree(house.state / "backup" / name, house.root / name)
        house.synchronize()
        assert house.known() == before
        assert house.store.files.rejections() == {}


@pytest.mark.parametrize("at", ["cats", "cats/deep"])
def test_a_bind_mount_of_the_same_disk_that_is_away_is_not_deleted_videos(
    house: House, tmp_path: Path, at: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    house.lay_out({"a.mp4": b"one", "cats": {"deep": {}}, "dogs": DOGS})
    (elsewhere / "c.mp4").write_bytes(b"cat")
    with bind_mount(elsewhere, house.root / at):
        house.synchronize()
        house.sort("a.mp4")
        shutil.move(house.root / "cats/a.mp4", house.root / f"{at}/b.mp4")
        house.synchronize()
        before = house.store.files.known()
        assert house.known()[f"{at}/b.mp4"] == "auto"
    for _ in range(2):
        seen = house.synchronize()
        assert house.store.files.known() == before
        assert [path for path, _ in seen.blind_spots] == [at]
        assert "nothing is mounted there any more" in seen.blind_spots[0][1]
        house.restart()
    if at == "cats":
        house.lay_out({"new.mp4": b"two"})
        house.synchronize()
        with pytest.raises(MoveRefused, match="another than it was"):
            house.sort("new.mp4")
    with bind_mount(elsewhere, house.root / at):
        assert house.synchronize().blind_spots == ()
        assert house.known().items() >= {f"{at}/b.mp4": "auto", f"{at}/c.mp4": "user"}.items()
    house.synchronize(believe=True)
    assert f"{at}/c.mp4" not in house.known()
    assert house.synchronize().blind_spots == ()


def test_a_library_that_is_a_bind_mount_of_the_same_disk_is_waited_for(house: House, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with bind_mount(elsewhere, house.root):
        house.lay_out({"cats": {"c.mp4": b"cat"}, "a.mp4": b"one"})
        house.synchronize()
        before = house.store.files.known()
    seen = house.synchronize()
    for _ in range(3):
        assert seen.doubt is not None
        assert "is the disk mounted?" in seen.doubt.reason
        house.clock.advance(1000.0)
        seen = house.synchronize(earlier=seen.doubt)
    assert house.store.files.known() == before
    with bind_mount(elsewhere, house.root):
        assert house.synchronize().doubt is None
        assert house.store.files.known() == before


def test_what_was_taken_out_of_a_mount_that_is_gone_for_good_is_believed(house: House, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    house.lay_out({"cats": {}, "dogs": DOGS})
    with bind_mount(elsewhere, house.root / "cats"):
        house.lay_out({"cats": {"c.mp4": b"cat", "d.mp4": b"dog"}})
        house.synchronize()
        shutil.copytree(house.root / "cats", tmp_path / "copy")
    shutil.copytree(tmp_path / "copy", house.root / "cats", dirs_exist_ok=True)
    (house.root / "cats/d.mp4").unlink()
    seen = house.synchronize()
    assert seen.blind_spots == ()
    assert {path for path in house.known() if path.startswith("cats")} == {"cats/c.mp4"}


def test_a_move_onto_a_bind_mount_that_was_cut_short_is_settled_when_the_mount_is_back(
    house: House, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    house.lay_out({"a.mp4": b"one", "cats": {}, "dogs": DOGS})
    with bind_mount(elsewhere, house.root / "cats"):
        house.lay_out({"cats": {"c.mp4": b"cat"}})
        house.synchronize()
        with patch.object(Mover, "_record", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            house.sort("a.mp4")
    house.restart()
    with pytest.raises(MoveUnclear):
        house.synchronize(settle_moves=house.mover.recover)
    with bind_mount(elsewhere, house.root / "cats"):
        house.synchronize(settle_moves=house.mover.recover)
        assert house.known()["cats/a.mp4"] == "auto"
        assert house.store.journal.unfinished() == []


@pytest.mark.parametrize("renamed", [False, True])
def test_a_disk_on_which_every_number_is_another_after_the_mount_is_not_read_again(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renamed: bool
) -> None:
    with small_disk(house.root):
        house.lay_out({"a.mp4": b"cat", "z.mp4": b"one", "cats": {"c.mp4": b"two"}, "dogs": DOGS})
        house.synchronize()
        house.sort("a.mp4")
        house.synchronize()
        before = house.known()
        subprocess.run(["cp", "-a", house.root, tmp_path / "copy"], check=True)
    if renamed:
        (tmp_path / "copy/cats").rename(tmp_path / "copy/felines")
    monkeypatch.setattr("sorterd.sync.synchronizer.fingerprint", lambda *_: pytest.fail("it was read again"))
    with small_disk(house.root):
        for name in ("dogs", "z.mp4", "felines" if renamed else "cats"):  # FAT counts, and so does tmpfs
            subprocess.run(["cp", "-a", tmp_path / "copy" / name, house.root / name], check=True)
        seen = house.synchronize()
        if seen.doubt is not None:  # a renamed folder looks lost at first
            house.clock.advance(100.0)
            seen = house.synchronize(earlier=seen.doubt)
        now = {path.replace("felines", "cats"): source for path, source in house.known().items()}
        assert now == before
        assert now["cats/a.mp4"] == "auto"
        assert house.store.files.rejections() == {}
        assert house.synchronize().changes == ()
