"""Folders of the library that are file systems of their own, which die, go away, or are put back as others."""

from __future__ import annotations

import shutil

import pytest
from library.disks import dead_mount, small_disk

from daemon.house import House
from daemon.running import Running, Words

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
        house.look()
        house.sort("a.mp4")
        shutil.move(house.root / "cats/a.mp4", house.root / "cats/deep/a.mp4")
        house.look()
        shutil.copy(house.root / "cats/deep/a.mp4", house.root / "a again.mp4")
        house.look()
        before = house.known()
        assert before["cats/deep/a.mp4"] == "auto"
    house.look()
    assert house.known() == before
    assert house.store.files.refusals() == {}


def test_a_category_whose_mount_point_vanishes_with_its_disk_is_away_and_not_deleted(house: House) -> None:
    """As udisks and autofs do it."""
    house.lay_out({"a.mp4": b"one", "cats": {}, "dogs": DOGS})
    with small_disk(house.root / "cats"):
        house.lay_out({"cats": {"c.mp4": b"cat"}})
        house.look()
        house.sort("a.mp4")
        house.look()
        before = house.known()
    (house.root / "cats").rmdir()
    house.look()
    assert house.known() == before
    assert "cats" in house.store.files.categories()


def test_a_library_put_back_onto_a_new_disk_with_the_number_of_the_old_one_is_the_same(house: House) -> None:
    """Its folders are made in another order there, so that each has the inode of another."""
    with small_disk(house.root):
        house.lay_out({"dogs": {}, "cats": {}})
        house.lay_out({"dogs": {"d.mp4": b"dog", "both.mp4": b"both"}, "cats": {"c.mp4": b"cat", "both.mp4": b"both"}})
        house.lay_out({"a.mp4": b"one"})
        house.look()
        house.sort("a.mp4")
        house.look()
        before, device = house.known(), house.root.stat().st_dev
        shutil.copytree(house.root, house.state / "backup")
    with small_disk(house.root):
        if house.root.stat().st_dev != device:
            pytest.skip("the new disk got another number")
        for name in ("cats", "dogs"):
            shutil.copytree(house.state / "backup" / name, house.root / name)
        house.look()
        assert house.known() == before
        assert house.store.files.refusals() == {}
