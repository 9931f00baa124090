"""What failed for a reason that is gone is tried again at once, whatever its wait."""

from __future__ import annotations

import subprocess

import pytest
from support.disks import small_disk
from support.house import House
from support.running import Running, Words


@pytest.fixture
def failing(house: House) -> Running:
    """A video whose extraction has failed twice and is tried again in minutes."""
    house.lay_out({"cats": {"c1.mp4": b"cat 1"}, "dogs": {"d1.mp4": b"dog 1"}, "busy.mp4": b"cat 3"})
    running = Running(house, Words(house.clock, broken={b"cat 3": "input/output error"}, transient=True))
    for _ in range(2):
        running.run()
        house.clock.advance(31.0)
    running.run()
    assert [one.attempts for one in house.store.features.failures()] == [2]
    running.worker.broken = {}
    running.run()
    assert len(house.store.features.failures()) == 1, "not before its time"
    return running


def test_a_video_whose_permissions_were_changed_is_extracted_at_once(failing: Running) -> None:
    (failing.house.root / "busy.mp4").chmod(0o600)
    failing.run()
    assert failing.house.store.features.failures() == []


def test_what_was_given_up_stays_so_when_its_permissions_change(failing: Running) -> None:
    failing.worker.broken = {b"cat 3": "it holds no video"}
    failing.house.clock.advance(1000.0)
    failing.run()
    (failing.house.root / "busy.mp4").chmod(0o600)
    failing.worker.broken = {}
    failing.run()
    assert [one.failed for one in failing.house.store.features.failures()] == [True]


def test_a_disk_that_is_mounted_otherwise_ends_all_waits(house: House) -> None:
    with small_disk(house.root):
        house.lay_out({"a.mp4": b""})
        for _ in range(4):
            house.clock.now = house.synchronize().again_at or 0.0
        assert house.synchronize().unreadable != ()
        assert house.synchronize().unreadable == ()
        subprocess.run(["mount", "-o", "remount,noatime", house.root], check=True)
        assert house.synchronize().unreadable == (("a.mp4", "cannot be read: it is empty (0 bytes)"),)
