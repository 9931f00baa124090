"""A watcher that dies is noticed, repaired once, and then given up loudly."""

import errno
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from support.disks import dead_mount, small_disk

from sorterd.daemon.watcher import CHECK_SECONDS, POLL_SECONDS, REPAIR_SECONDS, SupervisedWatcher
from sorterd.library.watch import Watcher
from sorterd.library.watch_failed import WatcherDied


class Timer:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Watched:
    """A folder that is watched, and what was hinted at."""

    def __init__(self, root: Path, *, polling: bool = False) -> None:
        self.root, self.timer, self.hinted = root, Timer(), threading.Event()
        self.watching = SupervisedWatcher(root, self.hinted.set, polling=polling, timer=self.timer)

    @property
    def state(self) -> tuple[str, bool, float | None]:
        return self.watching.backend, self.watching.healthy, self.watching.sync_every

    def hints(self) -> bool:
        """Whether a new file is noticed."""
        self.hinted.clear()
        (self.root / f"{len(list(self.root.iterdir()))}.mp4").write_bytes(b"one")
        return self.hinted.wait(10)

    def kill_a_thread(self) -> None:
        """As an exception in it would."""
        (_, thread), *_ = self.watching._watcher._threads()
        thread.stop()  # type: ignore[attr-defined]
        thread.join()

    def check(self, seconds: float = CHECK_SECONDS) -> None:
        self.timer.now += seconds
        self.watching.turn()


@contextmanager
def watching(root: Path, *, polling: bool = False) -> Iterator[Watched]:
    watched = Watched(root, polling=polling)
    with watched.watching:
        yield watched


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "videos"
    root.mkdir()
    return root


@pytest.fixture
def watched(root: Path) -> Iterator[Watched]:
    with watching(root) as watched:
        yield watched


def test_it_is_healthy_once_it_is_started_and_hints(watched: Watched) -> None:
    assert (watched.watching.healthy, watched.watching.reason) == (True, "")
    assert watched.hints()


def test_its_health_is_only_checked_every_few_seconds(watched: Watched) -> None:
    watched.kill_a_thread()
    watched.timer.now = CHECK_SECONDS - 1
    assert watched.watching.turn() == 1.0
    assert watched.watching.healthy


def test_a_dead_thread_is_repaired_and_what_it_missed_is_found(watched: Watched) -> None:
    watched.kill_a_thread()
    watched.hinted.clear()
    watched.check()
    assert watched.hinted.is_set()
    assert watched.watching.healthy
    assert watched.hints()


def test_dying_twice_in_a_short_time_is_too_much(watched: Watched) -> None:
    watched.kill_a_thread()
    watched.check()
    watched.kill_a_thread()
    with pytest.raises(WatcherDied, match="died twice"):
        watched.check()
    assert not watched.watching.healthy


def test_dying_again_much_later_is_repaired_again(watched: Watched) -> None:
    watched.kill_a_thread()
    watched.check()
    watched.timer.now += REPAIR_SECONDS
    watched.kill_a_thread()
    watched.check()
    assert watched.watching.healthy


def test_while_the_root_is_away_it_is_not_healthy_and_nothing_is_tried(watched: Watched) -> None:
    away = watched.root.rename(watched.root.with_name("elsewhere"))
    watched.hinted.clear()
    for _ in range(3):
        watched.check()
        assert watched.hinted.is_set(), "the loop has to see that for itself"
        assert not watched.watching.healthy
        assert "cannot be looked at" in watched.watching.reason
    away.rename(watched.root)
    watched.check()
    assert watched.watching.healthy
    assert watched.hints()


def test_a_replaced_root_is_watched_anew(watched: Watched) -> None:
    watched.root.rename(watched.root.with_name("elsewhere"))
    watched.root.mkdir()
    watched.check()
    assert watched.watching.healthy
    assert watched.hints()


def test_a_root_replaced_again_and_again_is_nobodys_death(watched: Watched) -> None:
    """A drive that comes and goes does not end the service."""
    for number in range(3):
        watched.root.rename(watched.root.with_name(f"elsewhere {number}"))
        watched.root.mkdir()
        watched.check()
        assert watched.watching.healthy
    assert watched.hints()
    watched.kill_a_thread()
    watched.check()
    assert watched.watching.healthy


def test_polling_is_healthy_and_asks_for_frequent_syncs(root: Path) -> None:
    with watching(root, polling=True) as watched:
        assert watched.state == ("polling", True, POLL_SECONDS)


def test_a_pool_of_folders_is_scanned_often_as_they_are_silent(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sorterd.library.watch.is_over_folders", lambda _: True)
    with watching(root) as watched:
        assert watched.state[1:] == (True, POLL_SECONDS)
        assert (watched.watching.backend != "polling", watched.watching.reason) == (True, "")


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mergerfs") is None, reason="needs root and mergerfs")
def test_a_real_pool_is_known_for_one(tmp_path: Path) -> None:
    for folder in ("one", "two", "pool"):
        (tmp_path / folder).mkdir()
    mounted = subprocess.run(["mergerfs", f"{tmp_path}/one:{tmp_path}/two", tmp_path / "pool"], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("file systems in user space are not allowed here")
    try:
        with watching(tmp_path / "pool") as watched:
            assert watched.state == ("inotify", True, POLL_SECONDS)
    finally:
        subprocess.run(["umount", "-l", tmp_path / "pool"], check=True)


@pytest.mark.parametrize("polling", [False, True])
def test_a_share_whose_server_has_gone_is_waited_for(root: Path, polling: bool) -> None:
    with watching(root, polling=polling) as watched:
        with dead_mount(root):
            watched.check()
            assert not watched.watching.healthy
        watched.check()
        assert watched.watching.healthy


def test_a_mount_point_that_nobody_may_read_is_waited_for(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is pulled out, and its mount point is a folder of mode 000, so that nobody writes into it by mistake."""
    disk = watched.root.rename(watched.root.with_name("disk"))
    watched.root.mkdir(mode=0)
    monkeypatch.setattr(Watcher, "_start_observer", refuse(errno.EACCES))  # as everybody but root is
    watched.check()
    assert not watched.watching.healthy
    monkeypatch.undo()
    watched.root.rmdir()
    disk.rename(watched.root)
    watched.check()
    assert watched.watching.healthy
    assert watched.hints()


def refuse(number: int) -> Callable[[Watcher], None]:
    def refused(_: Watcher) -> None:
        raise OSError(number, os.strerror(number))

    return refused


def test_a_root_without_watches_is_polled_and_unhealthy_until_the_limit_was_raised(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Watcher, "_start_observer", refuse(errno.ENOSPC))
    with watching(root) as watched:
        assert watched.state == ("polling", False, POLL_SECONDS)
        assert "the limit of inotify watches is reached" in watched.watching.reason
        assert "sudo sysctl" in watched.watching.reason
        monkeypatch.undo()  # the line has been run
        watched.check(REPAIR_SECONDS)
        assert watched.state[:2] == ("inotify", True)
        assert (watched.watching.sync_every, watched.watching.reason) == (None, "")


def test_a_limit_that_lasts_is_told_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watcher, "_start_observer", refuse(errno.ENOSPC))
    with capture_logs() as said, watching(root) as watched:
        for _ in range(3):
            watched.check(REPAIR_SECONDS)
    assert [line["log_level"] for line in said] == ["error"]


def test_a_limit_that_was_raised_is_noticed_at_the_next_check(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watcher, "_start_observer", refuse(errno.ENOSPC))
    with watching(root) as watched:
        monkeypatch.undo()
        watched.check()
        assert watched.watching.backend == "polling", "as far as is known, nothing has changed"
        monkeypatch.setattr("sorterd.daemon.watcher.watch_limits", lambda: (128, 1000))
        watched.check()
        assert watched.state[:2] == ("inotify", True)
        assert watched.hints()


def test_a_disk_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    with watching(tmp_path / "videos") as watched:
        assert not watched.watching.healthy
        assert "No such file or directory" in watched.watching.reason
        watched.root.mkdir()
        watched.check()
        assert watched.watching.healthy
        assert watched.hints()


def test_a_disk_that_can_be_written_to_again_is_a_hint(tmp_path: Path) -> None:
    with small_disk(tmp_path / "videos") as root, watching(root) as watched:
        for option, hints in (("ro", True), ("rw", True), ("rw", False)):
            subprocess.run(["mount", "-o", f"remount,{option}", root], check=True)
            watched.hinted.clear()
            watched.check()
            assert watched.hinted.is_set() == hints


def test_a_folder_without_a_watch_is_polled_and_unhealthy(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watcher, "unwatched", lambda _: {"cats": "there are no watches left"})
    with watching(root) as watched:
        assert watched.state[1:] == (False, POLL_SECONDS)
        assert "no events come from cats" in watched.watching.reason
