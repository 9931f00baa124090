"""Give hints that something under the root may have changed. What changed is for a scan to find out."""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver

from sorterd.library.files import FolderId
from sorterd.library.junk import of_no_interest, why_not_entered
from sorterd.library.mounts import mounts_of
from sorterd.library.network import is_network, is_over_folders, network_mounts_below
from sorterd.library.watch_failed import WatchFailed

if TYPE_CHECKING:
    from sorterd.library.inotify import Inotify

WATCHES = 524_288  # the least that the advice names

# An allow-list: "opened" and "closed without writing" come from our own reads and would feed a loop. Attributes are in
# it because a file or folder may become readable.
_EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirAttribEvent,
    DirMovedEvent,
    DirDeletedEvent,
]


class WatchLimit(WatchFailed):
    """The system's limit of inotify watches or instances is reached. The message has the command to run."""


_LIMITS = (errno.ENOSPC, errno.EMFILE)  # of watches, of instances


@dataclass(frozen=True, slots=True)
class Health:
    """Whether hints can be relied on.

    - `ok`: every part of the watcher works, and the root is the same folder.
    - `reason`: what is wrong, in one sentence, or "".
    - `unwatched`: the folders (relative paths) that send no hints, so that only a rescan finds what happens there.
    - `stale`: the watcher works, but what it watches is gone or replaced, so it has to start again.
    - `limited`: the system had no watches left for some folders.
    """

    ok: bool
    reason: str = ""
    unwatched: tuple[str, ...] = ()
    stale: bool = False
    limited: bool = False


class Watcher:
    """Calls `hint` soon after anything of interest changes under `root`: from its own threads, and often.

    `backend` is "inotify", "fsevents" or "polling". With "polling" there are no hints at all, and the caller scans on a
    timer. It is used if `polling` is true, and always on network file systems, which send no events. watchdog's own
    PollingObserver is not used: when the root is unmounted it reports that everything was deleted and dies, and it
    would scan the library a second time to find what our own scan finds.
    """

    def __init__(self, root: Path, hint: Callable[[], None], polling: bool = False) -> None:
        self._root = root
        self._hint = hint
        self._identity: FolderId | None = None
        self._disks: frozenset[str] = frozenset()
        self._observer: BaseObserver | None = None
        self._inotify: Inotify | None = None
        self.partly_deaf = is_over_folders(root)
        """Whether files may also come and go without a hint, although nothing is wrong. The caller scans on a timer as
        well."""
        self.backend: Literal["inotify", "fsevents", "polling"]
        if polling or is_network(root):
            self.backend = "polling"
        else:
            self.backend = "fsevents" if sys.platform == "darwin" else "inotify"

    def start(self) -> None:
        """Start watching. Later changes cause hints. A scan afterwards finds earlier ones.

        Raise `WatchLimit` if the system has no watches left for the root, `WatchFailed` if it cannot be watched.
        """
        try:
            self._identity = _identity(self._root)
            self._disks = mounts_of(self._root).below
            if self.backend != "polling":
                self._start_observer()
        except OSError as error:
            self.stop()
            if error.errno in _LIMITS:
                raise WatchLimit(f"{self._root} cannot be watched: {_advice(error.errno)}") from error
            raise WatchFailed(f"{self._root} cannot be watched: {error.strerror}") from error

    def stop(self) -> None:
        """End all threads. May be called at any time and more than once."""
        for thread in (self._observer, self._inotify):
            if thread is not None:
                thread.stop()
                if thread.is_alive():
                    thread.join()
        self._observer = self._inotify = self._identity = None

    def health(self) -> Health:
        """Check every thread, the root, and what could not be watched. This is cheap: one `stat` and a few more."""
        if self._identity is None:
            return Health(False, "not started")
        try:
            if _identity(self._root) != self._identity:
                return Health(False, f"{self._root} was replaced by another folder", stale=True)
        except OSError as error:
            return Health(False, f"{self._root} cannot be looked at: {error.strerror}", stale=True)
        if self.backend == "polling":
            return Health(True)
        if self._inotify is not None and self._inotify.unmounted:
            return Health(False, f"a disk under {self._root} was unmounted", stale=True)
        if mounts_of(self._root).below != self._disks:
            return Health(False, f"a disk was mounted or unmounted under {self._root}", stale=True)
        dead = [name for name, thread in self._threads() if not thread.is_alive()]
        if dead:
            return Health(False, f"the watcher's {' and '.join(dead)} stopped")
        unwatched = self.unwatched()
        limited = self._inotify is not None and any(number in _LIMITS for number in self._inotify.missed().values())
        return Health(True, _unwatched_reason(unwatched), tuple(sorted(unwatched)), limited=limited)

    def unwatched(self) -> dict[str, str]:
        """Return the folders (relative paths) that send no hints although others do, with the reason and what to do."""
        missed = self._inotify.missed() if self._inotify is not None else {}
        network = [] if self.backend == "polling" else network_mounts_below(self._root)
        found = {path: _advice(number) for path, number in missed.items()}
        found |= dict.fromkeys(network, "it is on a network file system, which sends no events")
        root = self._root.resolve()
        return {os.path.relpath(path, root): why for path, why in found.items()}

    def _start_observer(self) -> None:
        root = self._root.resolve()  # for a symlink, watchdog would watch the link itself, where nothing ever happens
        handler = _Handler(root, self._hint)
        if sys.platform == "linux":
            from sorterd.library.inotify import Emitter, Inotify

            # Not InotifyObserver: it makes its own reader, which swallows what ours reports.
            self._inotify = Inotify(os.fsencode(root), self._hint)
            self._inotify.start()
            self._observer = BaseObserver(Emitter, inotify_fd=self._inotify)
        else:
            from watchdog.observers import Observer

            self._observer = Observer()
        # One recursive watch: moves between two watches would not be paired.
        self._observer.schedule(handler, str(root), recursive=True, event_filter=_EVENTS)
        self._observer.start()

    def _threads(self) -> list[tuple[str, threading.Thread]]:
        """Return every thread that hints pass through. If one is dead, the others live on, but nothing arrives."""
        threads: list[tuple[str, threading.Thread]] = []
        if self._observer is not None:
            threads.append(("dispatcher", self._observer))
            threads += [("emitter", emitter) for emitter in self._observer.emitters]
        if self._inotify is not None:
            threads.append(("reader", self._inotify))
        return threads


class _Handler(FileSystemEventHandler):
    """Turns events into hints, except those of hidden and junk places. It must not raise: that ends the dispatcher."""

    def __init__(self, root: Path, hint: Callable[[], None]) -> None:
        self._prefix = f"{root}/"
        self._hint = hint

    def dispatch(self, event: FileSystemEvent) -> None:
        if any(self._of_interest(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path):
            self._hint()

    def _of_interest(self, path: str) -> bool:
        if not path.startswith(self._prefix):  # FSEvents reports paths without symlinks: better one hint too many
            return True
        *folders, name = path.removeprefix(self._prefix).split("/")
        return not of_no_interest(name) and all(why_not_entered(folder) is None for folder in folders)


def _identity(root: Path) -> FolderId:
    return FolderId.of(root.stat())


def _unwatched_reason(unwatched: Mapping[str, str]) -> str:
    if not unwatched:
        return ""
    path, why = next(iter(sorted(unwatched.items())))
    others = f" and {len(unwatched) - 1} more" if len(unwatched) > 1 else ""
    return f"no events come from {path}{others}, which is looked at on a timer only: {why}"


def _advice(number: int) -> str:
    if number == errno.ENOSPC:
        return f"the limit of inotify watches is reached; run {_raise_command('max_user_watches', WATCHES)}"
    if number == errno.EMFILE:
        return f"the limit of inotify instances is reached; run {_raise_command('max_user_instances', 1_024)}"
    return os.strerror(number)


def watch_limits() -> tuple[int, ...]:
    """Return how many inotify instances and watches a user may have (Linux)."""
    if sys.platform != "linux":
        return ()
    return tuple(_limit(key) for key in ("max_user_instances", "max_user_watches"))


def _limit(key: str) -> int:
    return int(Path(f"/proc/sys/fs/inotify/{key}").read_text())


def _raise_command(key: str, least: int) -> str:
    return raise_limit(key, max(least, 2 * _limit(key)))


def raise_limit(key: str, value: int) -> str:
    """Return the command that raises an inotify limit, now and for good."""
    return (
        f"`echo fs.inotify.{key}={value} | sudo tee /etc/sysctl.d/90-sorterd-{key.replace('_', '-')}.conf"
        f" && sudo sysctl fs.inotify.{key}={value}`"
    )
