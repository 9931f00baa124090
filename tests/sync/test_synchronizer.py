"""One look at a real folder: what is taken in, what has to wait, and what is not believed."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from support.disks import as_nobody, small_disk
from support.house import AGES, Clock, House

from sorterd.backoff import FIRST_DELAY, LONGEST_DELAY
from sorterd.changes import Arrived, Moved
from sorterd.library.fingerprint import Stopped
from sorterd.library.plan import MoveRefused
from sorterd.library.scan import RootUnavailable
from sorterd.store.backlog import Backlog
from sorterd.store.settings import ROOT
from sorterd.sync.guard import SECOND_SCAN_SECONDS
from sorterd.sync.synchronizer import READING_SECONDS


@pytest.fixture
def slow_house(tmp_path: Path) -> Iterator[House]:
    """With 5 seconds to settle, and stamps that lie ahead of the clock: only what was seen counts."""
    house = House(tmp_path / "videos", tmp_path / "state", Clock(time.time() - AGES), settle=5.0)
    yield house
    house.close()


def after(reads: int, act: Callable[[], object]) -> Callable[[], bool]:
    """To be asked whether to stop while files are read: lets something happen before that read, and never stops."""
    asked = count(1)

    def should_stop() -> bool:
        if next(asked) == reads:
            act()
        return False

    return should_stop


def reasons(house: House) -> dict[str, str]:
    return {failure.path: failure.reason for failure in house.store.features.failures()}


# --- what is taken in ------------------------------------------------------------------------------------------------


def test_what_lies_there_is_known_after_a_sync(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two", "deep": {"c.mov": b"three"}}, "empty": {}, "x.txt": b""})
    seen = house.synchronize()
    assert {type(change) for change in seen.changes} == {Arrived}
    assert house.known() == {"a.mp4": None, "cats/b.mp4": "user", "cats/deep/c.mov": "user"}
    assert set(house.store.files.categories()) == {"cats", "empty"}
    assert house.at("a.mp4").fingerprint == house.content("a.mp4")
    assert (seen.again_at, seen.growing, seen.unread_files, seen.doubt) == (None, (), 0, None)


def test_a_second_sync_reads_nothing_and_changes_nothing(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    house.synchronize()
    before = house.store.changes()
    seen = house.synchronize(should_stop=lambda: pytest.fail("a known file was read"))
    assert (seen.changes, house.store.changes()) == ((), before)


def test_a_restart_reads_nothing_and_changes_nothing(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    house.synchronize()
    house.restart()
    assert house.synchronize(should_stop=lambda: pytest.fail("a known file was read")).changes == ()


def test_a_moved_file_is_not_read_again(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {}})
    house.synchronize()
    (house.root / "a.mp4").rename(house.root / "cats/b.mp4")
    (change,) = house.synchronize(should_stop=lambda: pytest.fail("a known file was read")).changes
    assert isinstance(change, Moved)
    assert house.known() == {"cats/b.mp4": "user"}


def test_only_what_arrives_while_we_watch_is_waited_for(house: House) -> None:
    house.lay_out({"a.mp4": b"one"})
    house.synchronize(watching=False)
    house.lay_out({"b.mp4": b"two"})
    house.synchronize(watching=True)
    queue = Backlog(house.store.connection, "s").next(now=house.clock.now, limit=9)
    assert [(video.path, video.fresh) for video in queue] == [
        ("b.mp4", True),
        ("a.mp4", False),
    ]


def test_new_and_removed_empty_folders_are_told_of(house: House) -> None:
    assert not house.synchronize().folders_changed
    house.lay_out({"cats": {}})
    assert house.synchronize().folders_changed
    assert not house.synchronize().folders_changed
    (house.root / "cats").rmdir()
    assert house.synchronize().folders_changed


def test_odd_names_are_known_as_they_are(house: House) -> None:
    names = [b"caf\xe9.mp4", b"line\nbreak.mp4", b"-rf.mp4", b"n" * 251 + b".mp4", "Straße 🐈.mp4".encode()]
    for name in names:
        (house.root / os.fsdecode(name)).write_bytes(name)
    house.synchronize()
    assert {os.fsencode(path) for path in house.known()} == set(names)


# --- what has to wait ------------------------------------------------------------------------------------------------


def test_a_file_is_taken_once_nothing_happened_to_it_for_a_while(slow_house: House) -> None:
    slow_house.lay_out({"a.mp4": b"one"})
    seen = slow_house.synchronize()
    assert seen.growing == ("a.mp4",)
    assert seen.again_at == pytest.approx(slow_house.clock.now + 5.0)
    slow_house.clock.advance(4.0)
    assert slow_house.synchronize().growing == ("a.mp4",)
    slow_house.clock.advance(1.1)
    assert slow_house.synchronize().growing == ()
    assert set(slow_house.known()) == {"a.mp4"}


def test_a_growing_file_begins_to_wait_anew_each_time(slow_house: House) -> None:
    slow_house.lay_out({"a.mp4": b"one"})
    for _ in range(5):
        assert slow_house.synchronize().growing == ("a.mp4",)
        slow_house.clock.advance(4.0)
        with (slow_house.root / "a.mp4").open("ab") as file:
            file.write(b"more")
    assert slow_house.synchronize().growing == ("a.mp4",)
    assert slow_house.known() == {}


def test_a_file_that_settled_before_we_came_need_not_wait(tmp_path: Path) -> None:
    settled = House(tmp_path / "old videos", tmp_path / "old state", settle=5.0)
    settled.lay_out({"a.mp4": b"one"})
    assert settled.synchronize().growing == ()
    assert set(settled.known()) == {"a.mp4"}
    settled.close()


def test_a_file_that_somebody_has_open_for_writing_is_not_taken(house: House) -> None:
    house.lay_out({"a.mp4": b"one"})
    with (house.root / "a.mp4").open("ab"):
        seen = house.synchronize()
        assert seen.growing == ("a.mp4",)
        assert seen.again_at == house.clock.now + 5.0
        assert house.known() == {}
    house.synchronize()
    assert set(house.known()) == {"a.mp4"}


def test_a_file_beside_the_downloaders_own_is_not_taken(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "a.mp4.aria2": b""})
    assert house.synchronize().growing == ("a.mp4",)
    (house.root / "a.mp4.aria2").unlink()
    house.synchronize()
    assert set(house.known()) == {"a.mp4"}


def test_a_known_file_that_is_written_again_keeps_its_label_until_it_is_read(slow_house: House) -> None:
    slow_house.lay_out({"cats": {"a.mp4": b"one"}})
    slow_house.synchronize()
    slow_house.clock.advance(6.0)
    slow_house.synchronize()
    before = slow_house.known()
    (slow_house.root / "cats/a.mp4").write_bytes(b"another")
    assert slow_house.synchronize().growing == ("cats/a.mp4",)
    assert slow_house.known() == before == {"cats/a.mp4": "user"}


def test_a_folder_that_was_renamed_is_the_same_although_its_files_have_to_settle_anew(slow_house: House) -> None:
    slow_house.lay_out({"a.mp4": b"one", "cats": {}, "dogs": {"d.mp4": b"dog"}})
    slow_house.synchronize()
    slow_house.clock.advance(6.0)
    slow_house.synchronize()
    slow_house.sort("a.mp4")
    slow_house.drag("cats", "felines")
    (slow_house.root / "felines/a.mp4").touch()  # as a program does that sets times
    for _ in range(2):
        slow_house.synchronize()
        slow_house.clock.advance(6.0)
    assert slow_house.known() == {"felines/a.mp4": "auto", "dogs/d.mp4": "user"}
    assert slow_house.store.files.rejections() == {}


def test_a_file_that_changes_while_it_is_read_is_left_for_later(house: House) -> None:
    house.lay_out({"a.mp4": b"one"})
    grow = after(1, lambda: (house.root / "a.mp4").write_bytes(b"one and more"))
    seen = house.synchronize(should_stop=grow)
    assert seen.again_at == house.clock.now + 5.0
    assert house.known() == {}
    house.synchronize()
    assert set(house.known()) == {"a.mp4"}


def test_a_file_that_vanishes_while_another_is_read_is_not_there(house: House) -> None:
    house.lay_out({"a.mp4": b"one"})
    os.utime(house.root / "a.mp4", ns=(1, 1))
    house.lay_out({"b.mp4": b"two"})
    later = (house.root / "a.mp4").stat().st_ctime_ns + 1_000_000
    os.utime(house.root / "b.mp4", ns=(later, later))  # the newest is read first; stamps may be as coarse as 4 ms
    seen = house.synchronize(should_stop=after(1, (house.root / "a.mp4").unlink))
    assert set(house.known()) == {"b.mp4"}
    assert seen.again_at == house.clock.now
    assert reasons(house) == {}


def test_a_stop_while_reading_ends_the_sync_with_nothing_recorded(house: House) -> None:
    house.lay_out({"a.mp4": b"one"})
    with pytest.raises(Stopped):
        house.synchronize(should_stop=lambda: True)
    assert house.known() == {}


def test_a_large_new_library_is_read_in_several_syncs(tmp_path: Path) -> None:
    ticks = count()
    house = House(tmp_path / "videos", tmp_path / "state", timer=lambda: next(ticks) * READING_SECONDS / 2.5)
    house.lay_out({f"{number}.mp4": b"%d" % number for number in range(5)})
    left = []
    while True:
        seen = house.synchronize(watching=False)
        left.append(seen.unread_files)
        if not seen.unread_files:
            break
    assert left == [3, 1, 0]
    assert len(house.known()) == 5
    house.close()


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
