"""Move sidecars after their video, even if they come late or the user moved the video alone.

A subtitle generator or a slow sync may write `x.srt` long after `x.mp4` was filed. A file is not moved if it may belong
to a video beside it, if another program is using it, or if it changed a short while ago.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sorterd import backoff
from sorterd.activity import Fault, Note, Reporter
from sorterd.library.move import MoveFailed
from sorterd.library.move_conditions import circumstances
from sorterd.library.openat import opened, split
from sorterd.library.plan import MoveRefused, is_busy
from sorterd.library.stability import StabilityTracker
from sorterd.library.unfinished import why_unfinished
from sorterd.sorting.failed_moves import retry
from sorterd.sorting.mover import Mover
from sorterd.sorting.orphans import Orphan, Orphans
from sorterd.store.settings import SIDECARS_LEFT
from sorterd.store.store import Store
from sorterd.text import printable

LATE_SECONDS = 7 * 24 * 3600.0  # a file that comes later may belong to another video of that name
_MOST_NOTED = 1000


@dataclass(slots=True)
class Following:
    """Moves sidecars after their video.

    `settling` must not be shared with another user of it. `settle_seconds` is the config's. `enabled`: sidecars are
    moved at all. `after_user`: also after a drag by the user (otherwise those that stay behind are only counted).
    """

    store: Store
    mover: Mover
    report: Reporter
    settling: StabilityTracker
    settle_seconds: float
    enabled: bool = True
    after_user: bool = True
    orphans: Orphans = field(init=False)
    _again_at: float | None = None
    _failed: dict[str, tuple[str, backoff.Retry, str]] = field(default_factory=dict)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.orphans = Orphans(self.mover.root, self.mover.rules, self.store)

    def follow(self, now: float, *, moving: bool, should_stop: Callable[[], bool] = lambda: False) -> int:
        """Move all sidecars that are due. Return how many were moved.

        Without `moving`, only record which stay behind.
        """
        self._again_at = None
        orphans, left = self.orphans.find(now) if self.enabled else ([], {})
        self.settling.observe({one.seen.path: one.seen for one in orphans}, int(now * 1e9))
        moved = 0
        for orphan in orphans:
            if should_stop():
                break
            if self._must_stay(orphan):
                continue
            reason = self._why_not(orphan, now)
            if reason is None and moving and self._due(orphan, now):
                reason = self._move(orphan, now)
                moved += reason is None
            if reason is not None:
                left[orphan.seen.path] = reason
        self._note(left)
        return moved

    def next_try(self) -> float | None:
        """Return when a sidecar may have settled or is due for another try, by the wall clock."""
        return self._again_at

    def _must_stay(self, one: Orphan) -> bool:
        """Return whether the user took the sidecar back here, or it came so late that it may be another video's."""
        came_later = one.seen.id.mtime_ns / 1e9 > one.since
        if came_later and one.seen.touched_ns / 1e9 > one.since + LATE_SECONDS:
            return True
        return self.store.journal.was_taken_back(one.seen.path, one.fingerprint)

    def _why_not(self, one: Orphan, now: float) -> str | None:
        """Return why the sidecar cannot follow now, None if it can."""
        if self.mover.rules.ignored(one.place):
            return f"{one.place} is a name that is to be ignored"
        if os.path.lexists(self.mover.root / one.place):
            return f"{one.place} exists already"
        if one.by_user and not self.after_user:
            return f"you have moved its video to {one.video}, and move.sidecars_follow_user is off"
        then, again, reason = self._failed.get(one.seen.path, ("", None, None))
        if again is not None and again.at > now and then == self._circumstances(one):
            self._wait_until(again.at)
            return reason
        return None

    def _circumstances(self, one: Orphan) -> str:
        return circumstances(self.mover.root, one.seen.path, split(one.place)[0])

    def _due(self, one: Orphan, now: float) -> bool:
        """Return whether the drag is over and nothing has happened to the file for a while."""
        ready = self.settling.ready_at(one.seen.path, int(now * 1e9)) / 1e9
        if one.by_user:
            ready = max(ready, one.since + self.settle_seconds)
        if ready <= now and self._busy(one, now):
            ready = now + max(self.settle_seconds, 1.0)
        if ready > now:
            self._wait_until(ready)
        return ready <= now

    def _busy(self, one: Orphan, now: float) -> bool:
        if why_unfinished(self.mover.root / one.seen.path, now) is not None:
            return True
        folder, name = split(one.seen.path)
        try:
            with opened(self.mover.root, folder) as descriptor:
                return is_busy(name, os.listdir(descriptor), descriptor)  # noqa: PTH208 - a descriptor
        except OSError:  # the next call tries again
            return True

    def _move(self, one: Orphan, now: float) -> str | None:
        """Move the sidecar. Return why it could not be moved, None if it was."""
        path = one.seen.path
        try:
            moved = self.mover.follow(path, one.place, one.seen.id, fingerprint=one.fingerprint, video=one.video)
        except (MoveFailed, MoveRefused) as error:
            before = self._failed.get(path)
            again = retry(before and before[1], error, now)
            self._failed[path] = (self._circumstances(one), again, str(error))
            self._wait_until(again.at)
            return str(error)
        self._failed.pop(path, None)
        number = self.store.journal.of(one.fingerprint)[0].number
        there = printable(moved.plan.destination)
        self.report(Note(f"{printable(path)} followed its video: it is {there} now (move {number})"))
        return None

    def _wait_until(self, at: float) -> None:
        if at < math.inf:
            self._again_at = at if self._again_at is None else min(self._again_at, at)

    def _note(self, left: Mapping[str, str]) -> None:
        noted = [[path, reason] for path, reason in sorted(left.items())][:_MOST_NOTED]
        if noted or self.store.notes.get(SIDECARS_LEFT):
            self.store.notes.keep(SIDECARS_LEFT, noted)
        for path, reason in left.items():
            if (path, reason) not in self._told:
                self.report(Fault(path, f"stays where its video was: {reason}"))
        self._told = set(left.items())
