"""Changes are hinted at: which ones, where, and also after events were lost."""

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from support.tree import make

from library.watching import Hints, linux, quiet, started
from sorterd.library.watch import Health, Watcher


@pytest.mark.usefixtures("watcher")
@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "new.mp4").write_bytes(b"1"),
        lambda root: (root / "a.mp4").write_bytes(b"other"),
        lambda root: (root / "a.mp4").unlink(),
        lambda root: (root / "a.mp4").chmod(0o600),
        lambda root: os.utime(root / "a.mp4"),
        lambda root: (root / "a.mp4").rename(root / "cats/a.mp4"),
        lambda root: (root / "a.mp4").rename(root.parent / "a.mp4"),
        lambda root: (root / "cats").rename(root / "dogs"),
        lambda root: (root / "cats/deep/b.mp4").write_bytes(b"other"),
        lambda root: shutil.rmtree(root / "cats"),
        lambda root: (root / "birds").mkdir(),
        lambda root: make(root.parent / "outside", {"c.mp4": b"3"}).rename(root / "outside"),
        lambda root: (root / ".hidden").rename(root / "shown"),
    ],
)
def test_every_change_of_interest_is_hinted_at(root: Path, hints: Hints, change: Callable[[Path], object]) -> None:
    change(root)
    assert hints.reach(1)


@linux
@pytest.mark.usefixtures("watcher")
@pytest.mark.parametrize(
    "silent",
    [
        lambda root: (root / "a.mp4").read_bytes(),
        lambda root: list(root.rglob("*")),
        lambda root: (root / ".hidden/x.mp4").write_bytes(b"1"),
        lambda root: (root / ".sorterd-00.part").write_bytes(b"1"),
        lambda root: make(root / "cats/@eaDir", {"a.jpg": b"1"}),
    ],
    ids=["reading", "listing", "a hidden folder", "our own copy", "a NAS thumbnail"],
)
def test_our_reading_and_hidden_places_are_no_hints(root: Path, hints: Hints, silent: Callable[[Path], object]) -> None:
    """Otherwise each scan would cause the next one, for ever."""
    silent(root)
    (root / "then").mkdir()  # one hint, which comes after those of the other change
    assert hints.reach(1)
    assert not hints.reach(2, 0.1)


@pytest.mark.usefixtures("watcher")
def test_changes_in_a_folder_that_came_later_are_hinted_at_too(root: Path, hints: Hints) -> None:
    make(root.parent / "outside", {"deep": {"c.mp4": b"3"}}).rename(root / "outside")
    (root / "made/here").mkdir(parents=True)
    (root / ".hidden").rename(root / "shown")
    assert hints.reach(1)
    for folder in ("outside/deep", "made/here", "shown"):
        quiet(hints)
        before = hints.count
        (root / folder / "new.mp4").touch()
        assert hints.reach(before + 1), folder


def test_a_folder_with_an_odd_name_can_be_watched(tmp_path: Path, hints: Hints) -> None:
    root = make(tmp_path / "vidéos\n\udce9", {"cats": {}})
    with started(Watcher(root, hints)):
        (root / "cats" / "caf\udce9.mp4").touch()
        assert hints.reach(1)


def test_changes_in_a_root_that_is_a_symlink_are_hinted_at(tmp_path: Path, root: Path, hints: Hints) -> None:
    (tmp_path / "link").symlink_to(root)
    with started(Watcher(tmp_path / "link", hints)) as watcher:
        assert watcher.health() == Health(True)
        (root / "new.mp4").touch()
        assert hints.reach(1)


@linux
def test_events_that_were_lost_are_hinted_at(tmp_path: Path) -> None:
    """The kernel's queue overflows, and watchdog itself passes no event on."""
    from watchdog.observers.inotify_c import CallbackId, InotifyConstants, Mask

    from sorterd.library.inotify import Inotify

    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if limit > 50_000:
        pytest.skip("the queue of this machine is too long to fill quickly")
    overflowed = threading.Event()
    inotify = Inotify(os.fsencode(tmp_path), overflowed.set)
    inotify.add_callback(os.fsencode(tmp_path), Mask(InotifyConstants.IN_ATTRIB), _Deaf(), CallbackId(1))
    others = [tmp_path / "a", tmp_path / "b"]
    for path in others:
        path.touch()
    for number in range(limit + 10):
        os.utime(others[number % 2])  # two equal events in a row would be merged
    inotify.start()
    assert overflowed.wait(10)
    inotify.stop()
    inotify.join()


@linux
def test_after_an_overflow_the_watcher_goes_on_and_hints(watcher: Watcher, root: Path, hints: Hints) -> None:
    from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent, Mask, WatchDescriptor

    assert watcher._inotify is not None
    watcher._inotify.handle_event(InotifyEvent(WatchDescriptor(-1), Mask(InotifyConstants.IN_Q_OVERFLOW), 0, b""))
    assert hints.count == 1
    (root / "cats/deep/new.mp4").touch()
    assert hints.reach(2)
    assert watcher.health() == Health(True)


@linux
@pytest.mark.filterwarnings("error")
def test_a_folder_that_is_found_twice_causes_no_warning(tmp_path: Path) -> None:
    """watchdog's warning lists all watched folders, and Python remembers each warning for ever."""
    from watchdog.observers.inotify_c import CallbackId, InotifyConstants, Mask

    from sorterd.library.inotify import Inotify

    inotify = Inotify(os.fsencode(tmp_path), lambda: None)
    for _ in range(2):
        inotify.add_callback(os.fsencode(tmp_path), Mask(InotifyConstants.IN_ATTRIB), _Deaf(), CallbackId(1))
    inotify.start()
    inotify.stop()
    inotify.join()


class _Deaf:
    def on_event(self, event: object) -> None: ...
    def on_watch_deleted(self, wd: object) -> None: ...
    def on_queue_overflow(self) -> None: ...
