"""The watcher under supervision: checked in every turn, repaired once, and loud when that does not help."""

from __future__ import annotations

import os.path
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from sorterd.library.mounts import mounts_of
from sorterd.library.watch import Health, Watcher, WatchLimit, watch_limits
from sorterd.library.watch_failed import WatcherDied, WatchFailed
from sorterd.log import get_logger

CHECK_SECONDS = 10.0
POLL_SECONDS = 15.0
REPAIR_SECONDS = 600.0


class SupervisedWatcher:
    """`with Watching(root, hint):` changes under `root` call `hint`, from other threads."""

    def __init__(
        self, root: Path, hint: Callable[[], None], *, polling: bool, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._root = root
        self._hint = hint
        self._polling = polling
        self._timer = timer
        self._watcher = Watcher(root, hint, polling=polling)
        self._checked = timer()
        self._repaired = float("-inf")
        self._alive = False
        self._stale = False
        self._unwatched = False
        self._limit = ""
        self._limited = False
        self._limits = watch_limits()
        self._how = mounts_of(root).how
        self._tried = timer()
        self._failed = ""
        self.healthy = False
        self.reason = "not started yet"

    @property
    def backend(self) -> str:
        """What the events come from."""
        return self._watcher.backend

    @property
    def sync_every(self) -> float | None:
        """Seconds between two syncs if some folders send no hints, None if all do."""
        deaf = self.backend == "polling" or self._unwatched or self._watcher.partly_deaf
        return POLL_SECONDS if deaf else None

    def __enter__(self) -> Self:
        try:
            self._start()
        except WatchFailed as error:  # the disk may come later: it is waited for
            self._failed = str(error)
            self._check()
        return self

    def __exit__(self, *_error: object) -> None:
        self._watcher.stop()

    def turn(self) -> float:
        """Check the watcher if it is time, and repair it. Return the seconds to the next check. Raise WatcherDied."""
        now = self._timer()
        if now - self._checked >= CHECK_SECONDS:
            self._checked = now
            self._check()
            if not self._alive:
                self._repair(now)
            elif self._limited and (now - self._tried >= REPAIR_SECONDS or watch_limits() != self._limits):
                self._restart()  # other programs may have ended, or the limit was raised
            else:
                self._check_mounts()
        return self._checked + CHECK_SECONDS - now

    def _start(self) -> None:
        """Start watching. If the system has no watches left for the root, look on a timer instead and log that."""
        before = self._limit
        self._tried, self._limit, self._limits = self._timer(), "", watch_limits()
        try:
            self._watcher.start()
        except WatchLimit as error:
            if str(error) != before:
                get_logger().error("cannot watch, looking on a timer instead", reason=str(error))
            self._limit = str(error)
            self._watcher = Watcher(self._root, self._hint, polling=True)
            self._watcher.start()
        self._failed = ""
        self._check()

    def _check(self) -> None:
        health = Health(False, self._failed, stale=True) if self._failed else self._watcher.health()
        if health.unwatched and not self._unwatched:
            get_logger().warning("some folders send no hints", reason=health.reason)
        self._alive, self._stale, self._unwatched = health.ok, health.stale, bool(health.unwatched)
        self._limited = health.limited or bool(self._limit)
        self.healthy = health.ok and not health.unwatched and not self._limit
        self.reason = health.reason or self._limit

    def _check_mounts(self) -> None:
        """No event tells that a disk can be written to again."""
        before, self._how = self._how, mounts_of(self._root).how
        if self._how != before:
            self._hint()

    def _repair(self, now: float) -> None:
        if not os.path.isdir(self._root):  # not Path.is_dir: it raises where a server has gone  # noqa: PTH112
            self._hint()  # nothing to watch; the loop is to see that, and looks again and again from then on
            return
        if not self._stale:  # a drive that comes and goes is nobody's death
            if now - self._repaired < REPAIR_SECONDS:
                raise WatcherDied(f"the watcher of {self._root} died twice: {self.reason}")
            self._repaired = now
        get_logger().warning("the watcher is repaired", reason=self.reason)
        self._restart()

    def _restart(self) -> None:
        self._watcher.stop()
        self._watcher = Watcher(self._root, self._hint, polling=self._polling)
        try:
            self._start()
        except WatchFailed as error:  # the disk has gone again, or nobody may read its mount point
            self._failed = str(error)
            self._check()
        self._hint()
