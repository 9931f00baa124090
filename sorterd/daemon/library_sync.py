"""When to synchronize the library next, and what keeps a sync from being made or believed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sorterd.activity import Activity, Fault, Note, Synchronized, user_action
from sorterd.daemon.library import Library
from sorterd.library.fingerprint import Stopped
from sorterd.library.scan import RootUnavailable
from sorterd.sorting.mover import MoveUnclear
from sorterd.sync.synchronizer import SyncResult

SYNC_GAP = 0.3  # seconds between a hint and the sync: a drag of many files is one sync
# Syncs, apart from reading new files, take at most a tenth of a processor's time and a third of the loop's, however
# large the library is. On a busy machine a sync takes ten times as long as it works, and a newcomer waits for the next.
PROCESSOR_SHARE, LOOP_SHARE = 10, 2
ROOT_RETRY = 10.0


@dataclass(slots=True)
class LibrarySync:
    """Synchronizes one library at least every `rescan_seconds`, and soon after a hint.

    `first`: not all files have been read since the start. `believe_missing`: the user says that what is missing then is
    gone. `result` is that of the last sync, `trouble` why the folder could not be looked at.
    """

    library: Library
    rescan_seconds: float
    timer: Callable[[], float] = time.monotonic
    processor: Callable[[], float] = time.thread_time
    believe_missing: bool = False
    first: bool = True
    result: SyncResult = field(default_factory=SyncResult)
    trouble: str | None = None
    due_at: float = 0.0
    _ended_at: float = float("-inf")
    _rest: float = 0.0  # seconds until the next sync after a hint

    @property
    def blocked(self) -> str | None:
        """Why nothing is learned or moved, None if nothing keeps it from that."""
        return self.trouble or (self.result.doubt.reason if self.result.doubt is not None else None)

    def begin(self) -> None:
        """Synchronize at once, as at a start."""
        self.believe_missing = self.believe_missing and self.first
        self.due_at = 0.0

    def hint(self) -> None:
        """Something has changed on the disk."""
        soonest = max(self.timer() + SYNC_GAP, self._ended_at + self._rest)
        self.due_at = min(self.due_at, soonest)

    def at_least_every(self, seconds: float) -> None:
        """Synchronize at least that often, counted from the last sync."""
        self.rescan_seconds = seconds
        self.due_at = min(self.due_at, self._ended_at + seconds)

    def run(self, should_stop: Callable[[], bool]) -> bool:
        """Synchronize now. Return False if the folder cannot be looked at, or `should_stop` has ended the sync."""
        started, used, before = self.timer(), self.processor(), self.result
        try:
            self.result = self.library.synchronize(
                watching=not self.first, should_stop=should_stop, earlier=before.doubt, believe=self.believe_missing
            )
        except Stopped:
            return False
        except (RootUnavailable, MoveUnclear) as error:
            if self.trouble != str(error):
                self.library.report(Fault("", str(error)))
            self.trouble = str(error)
            self.due_at = self.timer() + ROOT_RETRY
            return False
        if self.trouble is not None:
            self.library.report(Note("the folder of videos is back"))
        self.trouble = None
        self._ended_at = self.timer()
        took = self._ended_at - started - self.result.reading
        self._rest = max(PROCESSOR_SHARE * min(self.processor() - used, took), LOOP_SHARE * took)
        self.due_at = self._ended_at + min(self._waits())
        self.library.report(Synchronized(len(self.result.changes), self._ended_at - started))
        for activity in _news(self.result, before, inventory=self.first):
            self.library.report(activity)
        if self.result.unread_files == 0:
            self.first = self.believe_missing = False
        return True

    def _waits(self) -> Iterator[float]:
        """Return the seconds until each reason for the next sync."""
        yield self.rescan_seconds
        if self.result.unread_files:
            yield 0.0
        if self.result.again_at is not None:
            yield max(SYNC_GAP, self.result.again_at - self.library.synchronizer.clock())


def _news(result: SyncResult, before: SyncResult, *, inventory: bool) -> Iterator[Activity]:
    """Return what to report of a sync. A doubt is reported when it begins, not at each sync while it lasts. Changes
    found by the first sync, the `inventory`, are no actions of the user.
    """
    doubt, doubted = (one.doubt.reason if one.doubt else None for one in (result, before))
    if doubt != doubted:
        yield Fault("", doubt) if doubt else Note("the videos that were missing are accounted for")
    for path, reason in result.unreadable:
        yield Fault(path, reason)
    for change in () if inventory else result.changes:
        activity = user_action(change)
        if activity is not None:
            yield activity
