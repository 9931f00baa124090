"""Videos of which only name and size are here: they are not read, are counted, and nothing is concluded from them."""

from __future__ import annotations

import errno
import os
from dataclasses import replace

import pytest
from support.house import House

from sorterd import cloud
from sorterd.pipeline.attempts import Attempts

Evicted = set[int]


@pytest.fixture
def evicted(monkeypatch: pytest.MonkeyPatch) -> Evicted:
    """Inodes of files whose content the system has removed. Reading one is refused, as macOS does."""
    inodes: Evicted = set()
    readv = os.readv

    def refuse(descriptor: int, buffers: list[memoryview]) -> int:
        if os.fstat(descriptor).st_ino in inodes:
            raise OSError(errno.EDEADLK, os.strerror(errno.EDEADLK))
        return readv(descriptor, buffers)

    monkeypatch.setattr(cloud, "holds_content", lambda status: status.st_ino not in inodes)
    monkeypatch.setattr(os, "readv", refuse)
    return inodes


def reasons(house: House) -> dict[str, str]:
    return {failure.path: failure.reason for failure in house.store.features.failures()}


def evict(house: House, path: str, evicted: Evicted) -> None:
    evicted.add((house.root / path).stat().st_ino)


def test_a_new_video_in_the_cloud_is_counted_with_its_reason_and_read_once_it_is_here(
    house: House, evicted: Evicted
) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    evict(house, "a.mp4", evicted)
    evict(house, "cats/b.mp4", evicted)
    for _ in range(3):
        seen = house.synchronize()
        assert (seen.changes, seen.unreadable, seen.growing, seen.again_at) == ((), (), (), None)
    assert (house.known(), reasons(house)) == ({}, {"a.mp4": cloud.REASON, "cats/b.mp4": cloud.REASON})
    evicted.clear()
    house.synchronize()
    assert (set(house.known()), reasons(house)) == ({"a.mp4", "cats/b.mp4"}, {})


def test_a_known_video_that_is_evicted_stays_known_and_may_be_moved(house: House, evicted: Evicted) -> None:
    house.lay_out({"a.mp4": b"one", "cats": {}, "dogs": {}})
    house.synchronize()
    evict(house, "a.mp4", evicted)
    assert house.synchronize().changes == ()
    house.drag("a.mp4", "cats/a.mp4")
    house.synchronize()
    assert house.known() == {"cats/a.mp4": "user"}
    house.drag("cats", "felines")
    house.synchronize()
    assert house.known() == {"felines/a.mp4": "user"}
    assert reasons(house) == {}


def test_nothing_is_concluded_about_a_file_that_vanished_beside_a_new_one_in_the_cloud(
    house: House, evicted: Evicted
) -> None:
    house.lay_out({"cats": {"a.mp4": b"one"}, "dogs": {f"{i}.mp4": b"other %d" % i for i in range(4)}})
    house.synchronize()
    (house.root / "cats/a.mp4").unlink()
    house.lay_out({"dogs": {"a.mp4": b"one"}})  # moved on another computer: a new inode, without content
    evict(house, "dogs/a.mp4", evicted)
    assert house.synchronize().changes == ()
    evicted.clear()
    house.synchronize()
    assert "dogs/a.mp4" in house.known()
    assert "cats/a.mp4" not in house.known()


def test_with_download_from_cloud_it_is_read(house: House, evicted: Evicted, monkeypatch: pytest.MonkeyPatch) -> None:
    house.lay_out({"a.mp4": b"one"})
    house.synchronizer = replace(house.synchronizer, download_from_cloud=True)
    evict(house, "a.mp4", evicted)
    monkeypatch.undo()  # reading it fetches it
    monkeypatch.setattr(cloud, "holds_content", lambda _: False)
    house.synchronize()
    assert set(house.known()) == {"a.mp4"}


def test_a_video_that_is_evicted_between_scan_and_reading_says_so(
    house: House, evicted: Evicted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloud, "holds_content", lambda _: True)
    house.lay_out({"a.mp4": b"one"})
    evict(house, "a.mp4", evicted)
    monkeypatch.setattr(cloud, "refused", lambda number: number == errno.EDEADLK)
    assert house.synchronize().unreadable == (("a.mp4", cloud.REASON),)


def test_a_video_that_waits_for_the_worker_in_the_cloud_is_never_given_up(house: House) -> None:
    house.lay_out({"a.mp4": b"one"})
    house.synchronize()
    strikes = Attempts(house.root, house.store, lambda _: None, house.clock)
    for _ in range(5):
        strikes.failed(house.at("a.mp4").fingerprint, cloud.REASON, transient=True)
    (failure,) = house.store.features.failures()
    assert (failure.reason, failure.attempts, failure.failed) == (cloud.REASON, 0, False)
    assert failure.retry_at > house.clock.now
