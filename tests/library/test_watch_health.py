"""A watcher that hears no events any more, or hears only some, says so."""

import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.disks import drive, small_disk
from support.tree import make, names

from library.watching import Hints, linux, quiet, started
from sorterd.library import watch
from sorterd.library.watch import Health, Watcher
from sorterd.library.watch_failed import WatchFailed


def test_a_healthy_watcher_says_so(watcher: Watcher) -> None:
    assert watcher.health() == Health(True)
    assert watcher.backend == ("fsevents" if sys.platform == "darwin" else "inotify")


def test_a_watcher_is_not_healthy_before_its_start_nor_without_a_root(root: Path, hints: Hints) -> None:
    watcher = Watcher(root, hints)
    assert watcher.health() == Health(False, "not started")
    shutil.rmtree(root)
    with pytest.raises(WatchFailed, match="cannot be watched"):
        watcher.start()
    assert not watcher.health().ok


@pytest.mark.parametrize("polling", [False, True])
def test_a_root_that_is_gone_or_replaced_is_noticed(root: Path, hints: Hints, polling: bool) -> None:
    with started(Watcher(root, hints, polling=polling)) as watcher:
        root.rename(root.with_name("elsewhere"))
        assert "cannot be looked at" in watcher.health().reason
        root.mkdir()
        health = watcher.health()
        assert (health.ok, health.reason) == (False, f"{root} was replaced by another folder")


def test_a_root_that_is_a_symlink_and_led_elsewhere_is_noticed(tmp_path: Path, root: Path, hints: Hints) -> None:
    link = tmp_path / "link"
    link.symlink_to(root)
    with started(Watcher(link, hints)) as watcher:
        link.unlink()
        link.symlink_to(make(tmp_path / "other", {}))
        assert watcher.health().stale


def test_a_disk_that_is_unmounted_under_the_root_is_noticed(tmp_path: Path, hints: Hints) -> None:
    with small_disk(tmp_path / "videos") as root:
        watcher = Watcher(root, hints)
        watcher.start()
        assert watcher.health().ok
    assert not watcher.health().ok
    watcher.stop()


@linux
def test_a_drive_that_was_pulled_out_and_put_back_is_no_longer_watched(tmp_path: Path, hints: Hints) -> None:
    """It is the same folder on the same disk and every thread lives, but no event comes any more."""
    with drive(tmp_path / "image", tmp_path / "drive") as stick:
        root = make(tmp_path / "drive/videos", {"cats": {}})
        watcher = Watcher(root, hints)
        watcher.start()
        stick.pull_out()
        stick.plug_in()
        assert _eventually(lambda: watcher.health() == Health(False, f"a disk under {root} was unmounted", stale=True))
        watcher.stop()
        watcher.start()
        assert watcher.health() == Health(True)
        watcher.stop()


@linux
def test_a_disk_that_is_mounted_on_a_category_is_noticed(watcher: Watcher, root: Path) -> None:
    with small_disk(root / "cats"):
        assert watcher.health() == Health(False, f"a disk was mounted or unmounted under {root}", stale=True)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dead_dispatcher_is_noticed(root: Path) -> None:
    def broken() -> None:
        raise RuntimeError("in the handler")

    with started(Watcher(root, broken)) as watcher:
        (root / "new.mp4").touch()
        assert _eventually(lambda: watcher.health() == Health(False, "the watcher's dispatcher stopped"))


@linux
@pytest.mark.parametrize("place", ["handle_event", "_check_inotify_fd"])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dead_reader_can_be_replaced(root: Path, hints: Hints, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    from sorterd.library.inotify import Inotify

    before = len(names(Path("/proc/self/fd")))
    watcher = Watcher(root, hints)
    watcher.start()
    monkeypatch.setattr(Inotify, place, _broken)
    (root / "new.mp4").touch()
    assert _eventually(lambda: watcher.health() == Health(False, "the watcher's reader stopped"))
    monkeypatch.undo()
    watcher.stop()
    watcher.start()
    assert watcher.health().ok
    (root / "another.mp4").touch()
    assert hints.reach(1)
    watcher.stop()
    assert len(names(Path("/proc/self/fd"))) == before


@linux
def test_a_dead_emitter_is_noticed(watcher: Watcher, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(root)  # only this makes watchdog end the emitter
    identity = watcher._identity
    monkeypatch.setattr(watch, "_identity", lambda _: identity)
    assert _eventually(lambda: watcher.health() == Health(False, "the watcher's emitter stopped"))


def test_stopping_leaves_no_thread_behind_and_may_be_repeated(root: Path, hints: Hints) -> None:
    before = threading.active_count()
    watcher = Watcher(root, hints)
    watcher.stop()
    watcher.start()
    assert threading.active_count() > before
    watcher.stop()
    watcher.stop()
    assert threading.active_count() == before


def throw_a_folder_away_and_make_another(root: Path, trash: Path, hints: Hints) -> None:
    """Do as in a file manager: make "New", move it to the trash of the same disk, make it again, and rename it."""
    for act in (
        (root / "New").mkdir,
        lambda: (root / "New").rename(trash),
        (root / "New").mkdir,
        lambda: (root / "New").rename(root / "named"),
    ):
        before = hints.count
        act()
        assert hints.reach(before + 1)


@linux
def test_the_watcher_outlives_the_emptying_of_the_trash(watcher: Watcher, root: Path, hints: Hints) -> None:
    trash = root.with_name("trash")
    throw_a_folder_away_and_make_another(root, trash, hints)
    trash.rmdir()
    quiet(hints)
    assert watcher.health() == Health(True)
    before = hints.count
    (root / "named/new.mp4").touch()
    assert hints.reach(before + 1)


@linux
def test_with_a_folder_in_the_trash_the_watcher_can_be_restarted(watcher: Watcher, root: Path, hints: Hints) -> None:
    throw_a_folder_away_and_make_another(root, root.with_name("trash"), hints)
    watcher.stop()
    watcher.start()
    assert watcher.health() == Health(True)


def _broken(*_: object) -> None:
    raise RuntimeError("broken on purpose")


def _eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
