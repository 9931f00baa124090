"""What one sync cannot read, and what it does not believe."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from support.disks import as_nobody, small_disk
from support.house import House

from sorterd.backoff import FIRST_DELAY, LONGEST_DELAY
from sorterd.library.plan import MoveRefused
from sorterd.library.scan import RootUnavailable
from sorterd.store.settings import ROOT
from sorterd.sync.guard import SECOND_SCAN_SECONDS
from sync.test_synchronizer import reasons

# --- what cannot be read ---------------------------------------------------------------------------------------------


def test_an_empty_file_is_no_video_until_it_has_content(house: House) -> None:
    house.lay_out({"a.mp4": b""})
    seen = house.synchronize()
    assert seen.unreadable == (("a.mp4", "cannot be read: it is empty (0 bytes)"),)
    assert seen.again_at == house.clock.now + FIRST_DELAY
    assert (house.known(), reasons(house)) == ({}, {"a.mp4": "cannot be read: it is empty (0 bytes)"})
    (house.root / "a.mp4").write_bytes(b"one")
    house.synchronize()
    assert (set(house.known()), reasons(house)) == ({"a.mp4"}, {})


def test_a_file_that_cannot_be_read_is_tried_again_later_and_later_but_never_given_up(house: House) -> None:
    house.lay_out({"a.mp4": b""})
    waits = []
    for _ in range(5):
        seen = house.synchronize()
        assert seen.again_at is not None
        waits.append(seen.again_at - house.clock.now)
        assert house.synchronize().unreadable == (), "not before its time"
        house.clock.now = seen.again_at
    assert waits == pytest.approx([FIRST_DELAY, 8 * FIRST_DELAY, LONGEST_DELAY, LONGEST_DELAY, LONGEST_DELAY])


def test_the_trouble_with_a_deleted_file_is_forgotten(house: House) -> None:
    house.lay_out({"a.mp4": b""})
    house.synchronize()
    (house.root / "a.mp4").unlink()
    house.synchronize()
    assert reasons(house) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a user who may less than this one")
def test_a_file_without_permission_is_told_of_and_read_once_there_is(shared_house: House) -> None:
    shared_house.lay_out({"a.mp4": b"one", "b.mp4": b"two"})
    (shared_house.root / "a.mp4").chmod(0)
    with as_nobody():
        seen = shared_house.synchronize()
        assert seen.unreadable == (("a.mp4", "cannot be read: Permission denied"),)
        assert set(shared_house.known()) == {"b.mp4"}
        assert seen.again_at is not None
        for _ in range(3):  # it has failed so often that it would wait for an hour
            shared_house.clock.now = shared_house.synchronize().again_at or 0.0
        assert shared_house.synchronize().again_at is not None
    (shared_house.root / "a.mp4").chmod(0o644)
    with as_nobody():
        shared_house.synchronize()
    assert (set(shared_house.known()), reasons(shared_house)) == ({"a.mp4", "b.mp4"}, {})


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a user who may less than this one")
def test_a_folder_without_permission_keeps_what_was_known_in_it(shared_house: House) -> None:
    shared_house.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    shared_house.synchronize()
    (shared_house.root / "cats").chmod(0)
    with as_nobody():
        seen = shared_house.synchronize()
    assert [path for path, _ in seen.blind_spots] == ["cats"]
    assert (seen.changes, seen.doubt) == ((), None)
    assert shared_house.known() == {"a.mp4": None, "cats/b.mp4": "user"}
    assert list(shared_house.store.files.categories()) == ["cats"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a user who may less than this one")
def test_a_folder_that_was_renamed_is_the_same_although_it_could_not_be_read_for_a_while(shared_house: House) -> None:
    shared_house.lay_out({"a.mp4": b"one", "cats": {}, "dogs": {"d.mp4": b"dog"}})
    shared_house.synchronize()
    shared_house.sort("a.mp4")
    shared_house.drag("cats", "felines")
    for mode in (0, 0o755):
        (shared_house.root / "felines").chmod(mode)
        with as_nobody():
            shared_house.synchronize()
    assert shared_house.known() == {"felines/a.mp4": "auto", "dogs/d.mp4": "user"}


# --- what is not believed --------------------------------------------------------------------------------------------


def replace_root(house: House) -> None:
    house.root.rename(house.root.with_name("elsewhere"))
    house.root.mkdir()


def test_a_root_replaced_by_an_empty_folder_is_not_believed_at_once(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    house.synchronize()
    replace_root(house)
    before = house.store.changes()
    seen = house.synchronize()
    assert seen.doubt is not None
    assert "all 2 known videos are missing at once" in seen.doubt.reason
    assert seen.again_at is not None
    assert (seen.changes, house.store.changes()) == ((), before)


def test_a_second_sync_that_agrees_is_believed(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    house.synchronize()
    replace_root(house)
    first = house.synchronize()
    house.clock.advance(SECOND_SCAN_SECONDS)
    second = house.synchronize(earlier=first.doubt)
    assert second.doubt is None
    assert house.known() == {}


def test_a_library_that_was_moved_to_another_disk_is_at_home_there(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    house.synchronize()
    device, inode = house.store.notes.get(ROOT) or [0, 0]
    house.store.notes.put(ROOT, [device + 7, inode])  # as if it had been on another until now
    house.synchronize()
    replace_root(house)
    first = house.synchronize()
    house.clock.advance(SECOND_SCAN_SECONDS)
    second = house.synchronize(earlier=first.doubt)
    assert second.doubt is None, "the disk is the one that it was on"


def test_what_was_only_away_comes_back_as_it_was(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    house.synchronize()
    before = house.store.files.known()
    replace_root(house)
    house.synchronize()
    house.root.rmdir()
    house.root.with_name("elsewhere").rename(house.root)
    assert house.synchronize().changes == ()
    assert house.store.files.known() == before


def test_the_user_can_say_that_what_is_missing_is_gone(house: House) -> None:
    house.lay_out({"a.mp4": b"one"})
    house.synchronize()
    (house.root / "a.mp4").unlink()
    assert house.synchronize(believe=True).doubt is None
    assert house.known() == {}


def test_a_missing_root_is_an_error_and_changes_nothing(house: House) -> None:
    house.lay_out({"a.mp4": b"one"})
    house.synchronize()
    house.root.rename(house.root.with_name("elsewhere"))
    with pytest.raises(RootUnavailable, match="is not there"):
        house.synchronize()
    assert set(house.known()) == {"a.mp4"}


def test_an_unmounted_disk_is_waited_for_however_long_it_takes(tmp_path: Path) -> None:
    (tmp_path / "videos").mkdir()
    with small_disk(tmp_path / "videos"):
        house = House(tmp_path / "videos", tmp_path / "state")
        house.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
        house.synchronize()
    seen = house.synchronize()
    for _ in range(5):
        house.clock.advance(SECOND_SCAN_SECONDS * 10)
        seen = house.synchronize(earlier=seen.doubt)
    assert seen.doubt is not None
    assert "is the disk mounted?" in seen.doubt.reason
    assert set(house.known()) == {"a.mp4", "cats/b.mp4"}
    house.close()


def test_a_category_whose_own_disk_is_unmounted_is_away_and_not_emptied(tmp_path: Path) -> None:
    """However few of all videos lie in it: else the model would be trained without the folder."""
    house = House(tmp_path / "videos", tmp_path / "state")
    house.lay_out({"dogs": {f"{number}.mp4": b"dog %d" % number for number in range(5)}, "a.mp4": b"one", "cats": {}})
    with small_disk(house.root / "cats"):
        house.lay_out({"cats": {"b.mp4": b"two", "deep": {"c.mp4": b"three"}}})
        house.synchronize()
        before = house.known()
    for _ in range(3):
        house.clock.advance(SECOND_SCAN_SECONDS)
        seen = house.synchronize()
        assert (seen.changes, seen.folders_changed) == ((), False)
        (spot,) = seen.blind_spots
        assert spot[0] == "cats"
        assert "is its disk mounted?" in spot[1]
        with pytest.raises(MoveRefused, match="another than it was"):
            house.sort("a.mp4", "cats")
    assert house.known() == before
    seen = house.synchronize(believe=True)
    assert set(house.known()) == {"a.mp4", *(f"dogs/{number}.mp4" for number in range(5))}
    assert "cats" in house.store.files.categories()
    house.close()


def test_an_empty_category_on_another_disk_than_before_is_just_that(tmp_path: Path) -> None:
    house = House(tmp_path / "videos", tmp_path / "state")
    house.lay_out({"dogs": {"d.mp4": b"dog"}, "cats": {}})
    house.synchronize()
    with small_disk(house.root / "cats"):
        assert house.synchronize().blind_spots == ()
        house.lay_out({"cats": {"b.mp4": b"two"}})
        house.synchronize()
        assert house.known() == {"cats/b.mp4": "user", "dogs/d.mp4": "user"}
    house.close()


def test_a_library_copied_to_another_disk_is_the_same_library(tmp_path: Path) -> None:
    (tmp_path / "videos").mkdir()
    house = House(tmp_path / "videos", tmp_path / "state")
    house.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    house.synchronize()
    old = house.root.rename(tmp_path / "old")
    with small_disk(tmp_path / "videos"):
        shutil.copytree(old, house.root, dirs_exist_ok=True)
        seen = house.synchronize()
        assert seen.doubt is None
        assert house.known() == {"a.mp4": None, "cats/b.mp4": "user"}
        assert house.synchronize().changes == ()
    house.close()


def test_it_tells_how_long_it_read(house: House) -> None:
    house.lay_out({"a.mp4": b"one"})
    times = iter([0.0, 0.0, 1.0, 30.0])
    house.timer = lambda: next(times)
    house.restart()
    assert house.synchronize().reading == 30.0
