"""A clock that jumps back, as by NTP or with an empty battery: nothing waits for it to catch up, no order is lost. And
a clock that stands still while the machine sleeps."""

import time

import pytest
from support.running import Running, Words
from support.workspace import Workspace

from sorterd.changes import Known, KnownFile
from sorterd.daemon.library import steady_clock
from sorterd.library.files import FileId, FolderId, Listing
from sorterd.store.journal_file import JOURNAL
from sorterd.store.opening import open_to_write
from sorterd.store.store import DATABASE
from sorterd.sync.guard import SECOND_SCAN_SECONDS, doubt

YEAR = 365 * 24 * 3600.0


def started_again(workspace: Workspace, clock_jumps: float) -> None:
    workspace.close()
    workspace.clock.advance(clock_jumps)
    workspace.open()


def test_a_failed_video_is_tried_again_after_a_start_with_the_clock_set_back(workspace: Workspace) -> None:
    workspace.lay_out({"a.mp4": b"lion 1"})
    running = Running(workspace, Words(workspace.clock, broken={b"lion 1": "the disk is busy"}, transient=True)).run()
    running.worker.broken.clear()
    started_again(workspace, -YEAR)
    running.start()
    running.run()
    assert running.worker.extracted == [b"lion 1"]


def test_a_file_that_could_not_be_read_is_tried_again_although_the_clock_was_set_back(workspace: Workspace) -> None:
    workspace.clock.advance(YEAR)
    workspace.take_in({"a.mp4": b""})
    workspace.clock.advance(-YEAR)
    before = workspace.store.features.unreadable()["a.mp4"][1]
    workspace.synchronize()
    assert workspace.store.features.unreadable()["a.mp4"][1] == before + 1


def test_a_library_in_doubt_is_believed_half_a_minute_after_the_clock_was_set_back() -> None:
    known = Known({"a.mp4": KnownFile("a.mp4", FileId(1, 2, 3, 4), "a" * 32)}, {})
    nothing = Listing(FolderId(1, 1))
    first = doubt(known, nothing, nothing.root, earlier=None, now=1000.0 + YEAR)
    second = doubt(known, nothing, nothing.root, earlier=first, now=1000.0)
    assert second is not None
    assert second.since == 1000.0
    assert doubt(known, nothing, nothing.root, earlier=second, now=1000.0 + SECOND_SCAN_SECONDS) is None


def test_the_last_move_is_the_last_whatever_the_clock_said(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "b.mp4": b"two", "cats": {}})
    workspace.sort("a.mp4")
    started_again(workspace, -YEAR)
    workspace.sort("b.mp4")
    assert [entry.source for entry in workspace.store.journal.latest(2)] == ["b.mp4", "a.mp4"]
    workspace.mover.undo(workspace.store.journal.latest(1)[0])
    assert workspace.known() == {"b.mp4": None, "cats/a.mp4": "auto"}


def test_what_the_user_did_last_counts_whatever_the_clock_said(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {}, "dogs": {}})
    workspace.drag("a.mp4", "cats/a.mp4")
    workspace.synchronize()
    started_again(workspace, -YEAR)
    workspace.drag("cats/a.mp4", "dogs/a.mp4")
    workspace.synchronize()
    assert list(workspace.store.files.labels().values()) == ["dogs"]
    assert list(workspace.store.files.rejections().values()) == [{"cats"}]
    started_again(workspace, -YEAR)
    workspace.drag("dogs/a.mp4", "cats/a.mp4")
    workspace.synchronize()
    assert list(workspace.store.files.rejections().values()) == [{"dogs"}]


def test_a_move_from_the_future_is_trusted_in_its_time_and_not_before(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {}})
    workspace.clock.advance(YEAR)
    workspace.sort("a.mp4")
    started_again(workspace, -YEAR)
    now = workspace.clock.now
    assert workspace.store.files.confirm_untouched(now - 100.0) == 0
    started_again(workspace, 200.0)
    assert workspace.store.files.confirm_untouched(now + 100.0) == 1


def test_a_clock_that_starts_in_1970_makes_no_move_old(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {}})
    workspace.sort("a.mp4")
    now = workspace.clock.now
    started_again(workspace, -now)
    started_again(workspace, now)
    assert workspace.store.files.confirm_untouched(now - 100.0) == 0


@pytest.mark.parametrize("name", [DATABASE, JOURNAL])
def test_a_second_damaged_file_does_not_replace_one_put_aside_at_that_time(workspace: Workspace, name: str) -> None:
    workspace.close()
    for text in (b"first damage", b"second damage"):
        (workspace.state / name).write_bytes(text * 1000)
        open_to_write(workspace.state, used_before=False, now=9.0).store.close()
    aside = sorted(path.name for path in workspace.state.glob(f"{name}.damaged-9*") if "-wal" not in path.name)
    assert aside == [f"{name}.damaged-9", f"{name}.damaged-9-2"]
    workspace.open()


def test_a_new_file_settles_although_the_clock_was_set_back(workspace: Workspace) -> None:
    workspace.settle = 5.0
    started_again(workspace, 0.0)
    workspace.lay_out({"a.mp4": b"one"})
    workspace.clock.advance(-YEAR)
    assert workspace.synchronize().growing == ("a.mp4",)
    workspace.clock.advance(5.0)
    workspace.synchronize()
    assert "a.mp4" in workspace.known()


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="elsewhere no clock stands still")
def test_our_time_goes_on_while_a_laptop_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the moves made after a night would have the time of the evening, and `undo --since 8:00` would miss them."""
    clock, night, read = steady_clock(), 8 * 3600.0, time.clock_gettime
    evening = clock()
    monkeypatch.setattr(time, "clock_gettime", lambda which: read(which) + night * (which == time.CLOCK_BOOTTIME))
    assert clock() - evening >= night
