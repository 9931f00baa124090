"""watchdog's inotify reader, extended to report what it swallows. Linux only.

In watchdog 7.1 the kernel's queue overflows without an event for the handler, and a folder that cannot be watched
(limit reached, not readable) is skipped in silence unless it is the root.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

from watchdog.observers.inotify import InotifyEmitter, InotifyWatchGroup
from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchCallback,
    WatchDescriptor,
)

from sorterd.library.junk import why_not_entered


class Inotify(InotifyFD):
    """One inotify instance and the thread that reads it.

    `overflowed` is called when events were lost. `unmounted` is true once a watched disk was unmounted, even if it is
    mounted again as the same folder with the same number. Hidden folders and packages below `root` are not watched:
    they use up watches (Syncthing's .stversions) and only make noise.
    """

    def __init__(self, root: bytes, overflowed: Callable[[], None]) -> None:
        super().__init__()
        self._root = root
        self._overflowed = overflowed
        self._missed: dict[bytes, int] = {}
        self.unmounted = False

    def missed(self) -> dict[str, int]:
        """Return the folders that could not be watched and still exist: absolute path -> errno."""
        missed = {os.fsdecode(path): number for path, number in self._missed.copy().items()}
        return {path: number for path, number in missed.items() if Path(path).is_dir()}

    def add_callback(self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId) -> WatchDescriptor:
        """Watch a folder as watchdog does. For folders below the root, the only caller swallows what is raised here."""
        below = os.fsdecode(path[len(self._root) :]).split("/")
        if any(why_not_entered(name) is not None for name in below if name):
            raise FileNotFoundError(errno.ENOENT, "hidden folders and packages are not watched", path)
        try:
            descriptor = super().add_callback(path, mask, callback, id_)
        except OSError as error:
            self._miss(path, error.errno or errno.EIO)
            raise
        if descriptor == -1:  # watchdog takes EACCES for success
            self._watch_for_wd.pop(descriptor, None)
            self._miss(path, errno.EACCES)
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        self._missed.pop(path, None)
        return descriptor

    def _add_callback(self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId) -> WatchDescriptor:
        """Watch a folder as watchdog does, without warning that it is watched already.

        The warning would list all folders.
        """
        watch = self._get_or_create_watch(path, mask)
        watch.callbacks[id_] = callback
        return watch.wd

    def handle_event(self, event: InotifyEvent) -> None:
        """Handle an event as watchdog does, and report lost events and unmounted disks."""
        super().handle_event(event)
        if event.mask & InotifyConstants.IN_UNMOUNT:
            self.unmounted = True
        if event.is_queue_overflow:
            self._overflowed()

    def run(self) -> None:
        """Read events as watchdog does, and let `stop` close the descriptors even if an exception ended this thread."""
        try:
            super().run()
        finally:
            with self._lock:
                self._is_reading = False

    def _miss(self, path: bytes, number: int) -> None:
        if number != errno.ENOENT:  # gone again already
            self._missed[path] = number


class Watches(InotifyWatchGroup):
    """watchdog's list of watches, without its KeyError for a folder that left the root.

    The case: a folder is moved out of the root, another one gets its name, and that one is renamed. watchdog keeps the
    first folder under a path that it has forgotten, and raises KeyError when the first is deleted (the trash is
    emptied), after an overflow, and when it is stopped.
    """

    def _remove_watch_internally(self, wd: WatchDescriptor) -> None:
        path = self._active_callbacks_by_watch.pop(wd, None)
        if path is not None and self._active_callbacks_by_path.get(path) == wd:
            del self._active_callbacks_by_path[path]


class Emitter(InotifyEmitter):
    """watchdog's emitter with our `Watches`."""

    def on_thread_start(self) -> None:
        """Start as watchdog does."""
        self._inotify = Watches(
            self._inotify_fd,
            os.fsencode(self.watch.path),
            is_recursive=self.watch.is_recursive,
            event_mask=self.get_event_mask_from_filter(),
            follow_symlink=self.watch.follow_symlink,
        )
