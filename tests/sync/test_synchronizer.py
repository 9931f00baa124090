"""One look at a real folder: what is taken in, what has to wait, and what is not believed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from support.house import AGES, Clock, House

from sorterd.changes import Arrived, Moved
from sorterd.library.fingerprint import Stopped
from sorterd.store.backlog import Backlog
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


@pytest.mark.parametrize("change", ["written", "gone"])
def test_a_file_that_changes_or_goes_between_the_scan_and_the_reading_still_grows(house: House, change: str) -> None:
    house.lay_out({"a.mp4": b"one"})
    scanned = house.synchronizer.scan()
    path = house.root / "a.mp4"
    path.unlink() if change == "gone" else path.write_bytes(b"another")
    seen = house.synchronizer.record(scanned, watching=True, should_stop=lambda: False)
    assert seen.growing == ("a.mp4",)
    assert house.known() == {}
    assert house.synchronize().growing == ()


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
