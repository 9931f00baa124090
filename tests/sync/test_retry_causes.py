"""What failed for a reason that is gone is tried again at once, whatever its wait."""

import subprocess

import pytest
from support.disks import small_disk
from support.running import Running, Words
from support.workspace import Workspace


@pytest.fixture
def failing(workspace: Workspace) -> Running:
    """A video whose extraction has failed twice and is tried again in minutes."""
    workspace.lay_out({"cats": {"c1.mp4": b"cat 1"}, "dogs": {"d1.mp4": b"dog 1"}, "busy.mp4": b"cat 3"})
    running = Running(workspace, Words(workspace.clock, broken={b"cat 3": "input/output error"}, transient=True))
    for _ in range(2):
        running.run()
        workspace.clock.advance(31.0)
    running.run()
    assert [one.attempts for one in workspace.store.features.failures()] == [2]
    running.worker.broken = {}
    running.run()
    assert len(workspace.store.features.failures()) == 1, "not before its time"
    return running


def test_a_video_whose_permissions_were_changed_is_extracted_at_once(failing: Running) -> None:
    (failing.workspace.root / "busy.mp4").chmod(0o600)
    failing.run()
    assert failing.workspace.store.features.failures() == []


def test_what_was_given_up_stays_so_when_its_permissions_change(failing: Running) -> None:
    failing.worker.broken = {b"cat 3": "it holds no video"}
    failing.workspace.clock.advance(1000.0)
    failing.run()
    (failing.workspace.root / "busy.mp4").chmod(0o600)
    failing.worker.broken = {}
    failing.run()
    assert [one.failed for one in failing.workspace.store.features.failures()] == [True]


def test_a_file_whose_permissions_were_changed_right_after_it_failed_is_read_at_once(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b""})
    for mode in (0o600, 0o640):
        (workspace.root / "a.mp4").chmod(mode)
        assert workspace.synchronize().unreadable != ()


def test_a_disk_that_is_mounted_otherwise_ends_all_waits(workspace: Workspace) -> None:
    with small_disk(workspace.root):
        workspace.lay_out({"a.mp4": b""})
        for _ in range(4):
            workspace.clock.now = workspace.synchronize().again_at or 0.0
        assert workspace.synchronize().unreadable != ()
        assert workspace.synchronize().unreadable == ()
        subprocess.run(["mount", "-o", "remount,noatime", workspace.root], check=True)
        assert workspace.synchronize().unreadable == (("a.mp4", "cannot be read: it is empty (0 bytes)"),)
