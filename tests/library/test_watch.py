from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.disks import as_nobody, drive, small_disk
from support.tree import make, names

from sorterd.library import watch
from sorterd.library.watch import Health, Watcher, WatchFailed

linux = pytest.mark.skipif(sys.platform != "linux", reason="about inotify")


class Hints:
    """Counts hints and waits for them."""

    def __init__(self) -> None:
        self.count = 0
        self._changed = threading.Condition()

    def __call__(self) -> None:
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def reach(self, count: int, seconds: float = 10) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.count >= count, seconds)


@pytest.fixture
def hints() -> Hints:
    return Hints()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path / "videos", {"a.mp4": b"1", "cats": {"deep": {"b.mp4": b"2"}}, ".hidden": {}})


@pytest.fixture
def watcher(root: Path, hints: Hints) -> Iterator[Watcher]:
    watcher = Watcher(root, hints)
    watcher.start()
    yield watcher
    watcher.stop()


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
def test_our_own_reading_and_hidden_places_are_not_hinted_at(
    root: Path, hints: Hints, silent: Callable[[Path], object]
) -> None:
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
        _quiet(hints)
        before = hints.count
        (root / folder / "new.mp4").touch()
        assert hints.reach(before + 1), folder


def test_a_folder_with_an_odd_name_can_be_watched(tmp_path: Path, hints: Hints) -> None:
    root = make(tmp_path / "vidéos\n\udce9", {"cats": {}})
    watcher = Watcher(root, hints)
    watcher.start()
    try:
        (root / "cats" / "caf\udce9.mp4").touch()
        assert hints.reach(1)
    finally:
        watcher.stop()


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
    watcher = Watcher(root, hints, polling=polling)
    watcher.start()
    try:
        root.rename(root.with_name("elsewhere"))
        assert "cannot be looked at" in watcher.health().reason
        root.mkdir()
        health = watcher.health()
        assert (health.ok, health.reason) == (False, f"{root} was replaced by another folder")
    finally:
        watcher.stop()


def test_changes_in_a_root_that_is_a_symlink_are_hinted_at(tmp_path: Path, root: Path, hints: Hints) -> None:
    (tmp_path / "link").symlink_to(root)
    watcher = Watcher(tmp_path / "link", hints)
    watcher.start()
    try:
        assert watcher.health() == Health(True)
        (root / "new.mp4").touch()
        assert hints.reach(1)
    finally:
        watcher.stop()


def test_a_root_that_is_a_symlink_and_led_elsewhere_is_noticed(tmp_path: Path, root: Path, hints: Hints) -> None:
    link = tmp_path / "link"
    link.symlink_to(root)
    watcher = Watcher(link, hints)
    watcher.start()
    link.unlink()
    link.symlink_to(make(tmp_path / "other", {}))
    assert watcher.health().stale
    watcher.stop()


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

    watcher = Watcher(root, broken)
    watcher.start()
    (root / "new.mp4").touch()
    assert _eventually(lambda: watcher.health() == Health(False, "the watcher's dispatcher stopped"))
    watcher.stop()


@linux
@pytest.mark.parametrize("place", ["handle_event", "_check_inotify_fd"])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dead_reader_is_noticed_and_can_be_replaced(
    root: Path, hints: Hints, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
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


def test_polling_needs_no_threads_and_gives_no_hints(root: Path, hints: Hints) -> None:
    before = threading.active_count()
    watcher = Watcher(root, hints, polling=True)
    watcher.start()
    assert (watcher.backend, watcher.health(), threading.active_count()) == ("polling", Health(True), before)
    (root / "new.mp4").touch()
    assert not hints.reach(1, 0.1)
    watcher.stop()


def test_network_file_systems_are_polled(root: Path, hints: Hints, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "is_network", lambda _: True)
    assert Watcher(root, hints).backend == "polling"


@linux
def test_a_category_on_a_network_file_system_is_reported_as_unwatched(
    watcher: Watcher, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "network_mounts_below", lambda _: [str(root / "cats")])
    health = watcher.health()
    assert (health.ok, health.unwatched) == (True, ("cats",))
    assert "no events come from cats" in health.reason


@linux
def test_a_folder_that_may_not_be_read_is_reported_as_unwatched(open_folder: Path, hints: Hints) -> None:
    make(open_folder, {"cats": {}, "private": {"deep": {}}})
    (open_folder / "private").chmod(0o700 if os.geteuid() == 0 else 0)
    watcher = Watcher(open_folder, hints)
    with as_nobody():
        watcher.start()
    health = watcher.health()
    watcher.stop()
    (open_folder / "private").chmod(0o700)
    assert (health.ok, health.unwatched) == (True, ("private",))
    assert "private" in health.reason
    assert "Permission denied" in health.reason


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
    _quiet(hints)
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


@linux
@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("max_inotify_instances", 0, "instances is reached"),
        ("max_inotify_watches", 0, "watches is reached"),
        ("max_inotify_watches", 3, "unwatched"),
    ],
)
def test_reached_limits_come_with_the_line_to_run(root: Path, limit: str, value: int, words: str) -> None:
    """In a separate user namespace, where limits can be set without affecting anybody else."""
    make(root, {"birds": {}, "dogs": {}, "fish": {}})
    script = f"""
        import sys
        from pathlib import Path
        Path("/proc/sys/user/{limit}").write_text("{value}")
        from sorterd.library.watch import Watcher, WatchLimit
        watcher = Watcher(Path(sys.argv[1]), lambda: None)
        try:
            watcher.start()
            health = watcher.health()
            print("unwatched", health.ok, len(health.unwatched), health.reason)
            watcher.stop()
        except WatchLimit as error:
            print(error)
    """
    command = ["unshare", "--user", "--map-root-user", sys.executable, "-c", textwrap.dedent(script), str(root)]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except FileNotFoundError:
        pytest.skip("there is no unshare command here")
    if ran.returncode and "unshare" in ran.stderr:
        pytest.skip(f"user namespaces are not allowed here: {ran.stderr.strip()}")
    assert ran.returncode == 0, ran.stderr
    assert words in ran.stdout
    assert "sudo sysctl fs.inotify.max_user_" in ran.stdout
    if value:
        assert ran.stdout.startswith("unwatched True 3 ")  # the root and two of five folders got a watch


def test_a_watch_limit_is_only_about_limits(root: Path, hints: Hints, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Watcher) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Watcher, "_start_observer", refuse)
    with pytest.raises(WatchFailed, match="Permission denied") as caught:
        Watcher(root, hints).start()
    assert type(caught.value) is WatchFailed


def _broken(*_: object) -> None:
    raise RuntimeError("broken on purpose")


class _Deaf:
    def on_event(self, event: object) -> None: ...
    def on_watch_deleted(self, wd: object) -> None: ...
    def on_queue_overflow(self) -> None: ...


def _eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def _quiet(hints: Hints) -> None:
    """Wait until no more hints come. An unpaired move is held back for half a second."""
    while hints.reach(hints.count + 1, 0.7):
        pass
