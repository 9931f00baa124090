"""A clock that jumps back, as by NTP or with an empty battery: nothing waits for it to catch up, no order is lost. And
a clock that stands still while the machine sleeps."""

from __future__ import annotations

import time

import pytest
from support.house import House
from support.running import Running, Words

from sorterd.changes import Known, KnownFile
from sorterd.daemon.library import steady_clock
from sorterd.library.files import FileId, FolderId, Listing
from sorterd.store.journal_file import JOURNAL
from sorterd.store.opening import open_to_write
from sorterd.store.store import DATABASE
from sorterd.sync.guard import SECOND_SCAN_SECONDS, doubt

YEAR = 365 * 24 * 3600.0


def started_again(house: House, clock_jumps: float) -> None:
    house.close()
    house.clock.advance(clock_jumps)
    house.open()


def test_a_failed_video_is_tried_again_after_a_start_with_the_clock_set_back(house: House) -> None:
    house.lay_out({"a.mp4": b"lion 1"})
    running = Running(house, Words(house.clock, broken={b"lion 1": "the disk is busy"}, transient=True))
    running.run()
    running.worker.broken.clear()
    started_again(house, -YEAR)
    running.start()
    running.run()
    assert running.worker.extracted == [b"lion 1"]


def test_a_file_that_could_not_be_read_is_tried_again_although_the_clock_was_set_back(house: House) -> None:
    house.clock.advance(YEAR)
    house.lay_out({"a.mp4": b""})
    house.synchronize()
    house.clock.advance(-YEAR)
    before = house.store.features.unreadable()["a.mp4"][1]
    house.synchronize()
    assert house.store.features.unreadable()["a.mp4"][1] == before + 1


def test_a_library_in_doubt_is_believed_half_a_minute_after_the_clock_was_set_back() -> None:
    known = Known({"a.mp4": KnownFile("a.mp4", FileId(1, 2, 3, 4), "a" * 32)}, {})
    nothing = Listing(FolderId(1, 1))
    first = doubt(known, nothing, nothing.root, earlier=None, now=1000.0 + YEAR)
    second = doubt(known, nothing, nothing.root, earlier=first, now=1000.0)
    assert second is not None
    assert second.since == 1000.0
    assert doubt(known, nothing, nothing.root, earlier=second, now=1000.0 + SECOND_SCAN_SECONDS) is None


def test_the_last_move_is_the_last_whatever_the_clock_said(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "b.mp4": b"two", "cats": {}})
    house.synchronize()
    house.sort("a.mp4")
    started_again(house, -YEAR)
    house.sort("b.mp4")
    assert [entry.source for entry in house.store.journal.latest(2)] == ["b.mp4", "a.mp4"]
    house.mover.undo(house.store.journal.latest(1)[0])
    assert house.known() == {"b.mp4": None, "cats/a.mp4": "auto"}


def test_what_the_user_did_last_counts_whatever_the_clock_said(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {}, "dogs": {}})
    house.synchronize()
    house.drag("a.mp4", "cats/a.mp4")
    house.synchronize()
    started_again(house, -YEAR)
    house.drag("cats/a.mp4", "dogs/a.mp4")
    house.synchronize()
    assert list(house.store.files.labels().values()) == ["dogs"]
    assert list(house.store.files.rejections().values()) == [{"cats"}]
    started_again(house, -YEAR)
    house.drag("dogs/a.mp4", "cats/a.mp4")
    house.synchronize()
    assert list(house.store.files.rejections().values()) == [{"dogs"}]


def test_a_move_from_the_future_is_trusted_in_its_time_and_not_before(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {}})
    house.synchronize()
    house.clock.advance(YEAR)
    house.sort("a.mp4")
    started_again(house, -YEAR)
    now = house.clock.now
    assert house.store.files.confirm_untouched(now - 100.0) == 0
    started_again(house, 200.0)
    assert house.store.files.confirm_untouched(now + 100.0) == 1


def test_a_clock_that_starts_in_1970_makes_no_move_old(house: House) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {}})
    house.synchronize()
    house.sort("a.mp4")
    now = house.clock.now
    started_again(house, -now)
    started_again(house, now)
    assert house.store.files.confirm_untouched(now - 100.0) == 0


@pytest.mark.parametrize("name", [DATABASE, JOURNAL])
def test_a_second_damaged_file_does_not_replace_the_first_put_aside_at_the_same_time(house: House, name: str) -> None:
    house.close()
    for text in (b"first damage", b"second damage"):
        (house.state / name).write_bytes(text * 1000)
        open_to_write(house.state, used_before=False, now=9.0).store.close()
    aside = sorted(path.name for path in house.state.glob(f"{name}.damaged-9*") if "-wal" not in path.name)
    assert aside == [f"{name}.damaged-9", f"{name}.damaged-9-2"]
    house.open()


def test_a_new_file_settles_although_the_clock_was_set_back(house: House) -> None:
    house.settle = 5.0
    started_again(house, 0.0)
    house.lay_out({"a.mp4": b"one"})
    house.clock.advance(-YEAR)
    assert house.synchronize().growing == ("a.mp4",)
    house.clock.advance(5.0)
    house.synchronize()
    assert "a.mp4" in house.known()


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="elsewhere no clock stands still")
def test_our_time_goes_on_while_a_laptop_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the moves made after a night would have the time of the evening, and `undo --since 8:00` would miss them."""
    clock, night, read = steady_clock(), 8 * 3600.0, time.clock_gettime
    evening = clock()
    monkeypatch.setattr(time, "clock_gettime", lambda which: read(which) + night * (which == time.CLOCK_BOOTTIME))
    assert clock() - evening >= night
