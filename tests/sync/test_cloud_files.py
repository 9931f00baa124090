"""Videos of which only name and size are here: they are not read, are counted, and nothing is concluded from them."""

import errno
import os
from dataclasses import replace

import pytest
from support.workspace import Workspace

from sorterd import cloud
from sorterd.pipeline.attempts import Attempts
from sync.test_synchronizer import reasons

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


def evict(workspace: Workspace, path: str, evicted: Evicted) -> None:
    evicted.add((workspace.root / path).stat().st_ino)


def test_a_new_video_in_the_cloud_is_counted_and_read_once_it_is_here(workspace: Workspace, evicted: Evicted) -> None:
    workspace.lay_out({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    evict(workspace, "a.mp4", evicted)
    evict(workspace, "cats/b.mp4", evicted)
    written = []
    for _ in range(3):
        seen = workspace.synchronize()
        assert (seen.changes, seen.unreadable, seen.growing, seen.again_at) == ((), (), (), None)
        written.append(workspace.store.changes())
    assert written[1] == written[2], "it is recorded once"
    assert (workspace.known(), reasons(workspace)) == ({}, {"a.mp4": cloud.REASON, "cats/b.mp4": cloud.REASON})
    evicted.clear()
    workspace.synchronize()
    assert (set(workspace.known()), reasons(workspace)) == ({"a.mp4", "cats/b.mp4"}, {})


def test_a_known_video_that_is_evicted_stays_known_and_may_be_moved(workspace: Workspace, evicted: Evicted) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {}, "dogs": {}})
    evict(workspace, "a.mp4", evicted)
    assert workspace.synchronize().changes == ()
    workspace.drag("a.mp4", "cats/a.mp4")
    workspace.synchronize()
    assert workspace.known() == {"cats/a.mp4": "user"}
    workspace.drag("cats", "felines")
    workspace.synchronize()
    assert workspace.known() == {"felines/a.mp4": "user"}
    assert reasons(workspace) == {}


def test_nothing_is_concluded_of_a_lost_file_beside_a_new_cloud_one(workspace: Workspace, evicted: Evicted) -> None:
    workspace.take_in({"cats": {"a.mp4": b"one"}, "dogs": {f"{i}.mp4": b"other %d" % i for i in range(4)}})
    (workspace.root / "cats/a.mp4").unlink()
    workspace.lay_out({"dogs": {"a.mp4": b"one"}})  # moved on another computer: a new inode, without content
    evict(workspace, "dogs/a.mp4", evicted)
    assert workspace.synchronize().changes == ()
    evicted.clear()
    workspace.synchronize()
    assert "dogs/a.mp4" in workspace.known()
    assert "cats/a.mp4" not in workspace.known()


def test_download_from_cloud_reads_it(workspace: Workspace, evicted: Evicted, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.lay_out({"a.mp4": b"one"})
    workspace.synchronizer = replace(workspace.synchronizer, download_from_cloud=True)
    evict(workspace, "a.mp4", evicted)
    monkeypatch.undo()  # reading it fetches it
    monkeypatch.setattr(cloud, "holds_content", lambda _: False)
    workspace.synchronize()
    assert set(workspace.known()) == {"a.mp4"}


def test_a_video_that_is_evicted_between_scan_and_reading_says_so(
    workspace: Workspace, evicted: Evicted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloud, "holds_content", lambda _: True)
    workspace.lay_out({"a.mp4": b"one"})
    evict(workspace, "a.mp4", evicted)
    monkeypatch.setattr(cloud, "refused", lambda number: number == errno.EDEADLK)
    assert workspace.synchronize().unreadable == (("a.mp4", cloud.REASON),)


def test_a_video_that_waits_for_the_worker_in_the_cloud_is_never_given_up(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one"})
    strikes = Attempts(workspace.root, workspace.store, lambda _: None, workspace.clock)
    for _ in range(5):
        strikes.failed(workspace.at("a.mp4").fingerprint, cloud.REASON, transient=True)
    (failure,) = workspace.store.features.failures()
    assert (failure.reason, failure.attempts, failure.failed) == (cloud.REASON, 0, False)
    assert failure.retry_at > workspace.clock.now
