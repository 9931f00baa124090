"""One process at a time works on a folder of videos, and leaves no trace of that among the videos."""

import os
import signal
import sys
from pathlib import Path

import pytest

from service.holding import hold
from sorterd.service.root_lock import RootLock, RootTaken


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("by", ["its name", "a symlink", "a path with .."])
def test_a_second_process_is_told_who_was_first_however_the_folder_is_named(root: Path, by: str) -> None:
    (root.parent / "link").symlink_to(root)
    named = {"its name": root, "a symlink": root.parent / "link", "a path with ..": root / ".." / "videos"}[by]
    with hold(RootLock, root) as other:
        with pytest.raises(RootTaken, match="with another state folder") as caught, RootLock(named):
            pass
        if sys.platform == "linux":
            assert caught.value.pid == other.pid
    with RootLock(named):
        pass
    assert list(root.iterdir()) == []


def test_a_killed_process_leaves_nothing_that_blocks(root: Path) -> None:
    with hold(RootLock, root) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        with RootLock(root):
            pass


def test_the_disk_can_be_unmounted(root: Path) -> None:
    """An open descriptor beneath the mount point would keep the disk busy."""
    with RootLock(root):
        opened = [fd.resolve() for fd in Path("/dev/fd").iterdir()]
        assert root not in opened


def test_other_folders_are_free(root: Path) -> None:
    (root.parent / "others").mkdir()
    with hold(RootLock, root), RootLock(root.parent / "others"):
        pass


def test_a_folder_that_is_not_there_yet_is_taken_when_it_comes(root: Path) -> None:
    root.rmdir()
    with RootLock(root) as early:
        root.mkdir()
        early.take()
        with pytest.raises(RootTaken), RootLock(root):
            pass


def test_a_process_that_waits_for_a_disk_does_not_take_it_from_a_faster_one(root: Path) -> None:
    root.rmdir()
    with RootLock(root) as late:
        root.mkdir()
        with hold(RootLock, root), pytest.raises(RootTaken):
            late.take()


def test_a_folder_with_other_numbers_is_locked_again(root: Path) -> None:
    """As for a disk that was unplugged and plugged in again."""
    with RootLock(root) as lock:
        root.rename(root.parent / "before")
        root.mkdir()
        lock.take()
        with RootLock(root.parent / "before"), pytest.raises(RootTaken), RootLock(root):
            pass


def test_it_answers_everybody_who_asks(root: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("nobody can be asked there")
    with RootLock(root) as lock:
        for _ in range(3):
            for _ in range(90):
                with pytest.raises(RootTaken) as caught, RootLock(root):
                    pass
                assert caught.value.pid == os.getpid()
            lock.take()
