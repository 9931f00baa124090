"""The loop: synchronize -> extract -> train -> predict -> move, each as soon as there is something for it to do.

One thread owns the store and runs everything here. The watcher, the worker and the control socket have threads of
their own, which only put messages into this loop's queue. `run` goes on until it is stopped (the service) or until
nothing is left to do (`--once`, and the stages by hand): there is one way of doing things, not two.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sorterd.activity import ExtractionUnderway, Fault, Note, Reporter, StageProgress, Synchronized, user_action
from sorterd.library.fingerprint import Stopped
from sorterd.library.scan import RootUnavailable
from sorterd.pipeline.pipeline import Pipeline
from sorterd.pipeline.verify_source import verify_source
from sorterd.sorting.following import Following
from sorterd.sorting.mover import Mover, MoveUnclear
from sorterd.sorting.sorter import Sorter
from sorterd.sync.synchronizer import Synchronizer, SyncResult
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.messages import Extracted, ExtractFailed, Report

SYNC_GAP = 0.3  # seconds between a hint and the sync: a drag of many files is one sync
SYNC_SHARE = (
    10  # syncs, apart from reading new files, take at most this fraction of the time, however large the library
)
ROOT_RETRY = 10.0
UNDERWAY_SECONDS = 60.0  # between two lines of a log on how far it is


class Hint:
    """Something changed on disk: synchronize."""


@dataclass(frozen=True, slots=True)
class Call:
    """Run this on the loop's thread."""

    action: Callable[[], None]


LoopMessage = Hint | Call | Report | WorkerLost


@dataclass(slots=True)
class Loop:
    """Everything that the running program does, one turn after the other."""

    synchronizer: Synchronizer
    mover: Mover
    pipeline: Pipeline
    sorter: Sorter
    report: Reporter
    rescan_seconds: float
    inbox: queue.SimpleQueue[LoopMessage]
    timer: Callable[[], float] = time.monotonic
    stopping: bool = False
    first_sync: bool = True
    believe_missing: bool = False
    following: Following | None = None
    seen: SyncResult = field(default_factory=SyncResult)
    trouble: str | None = None
    last_turn: float = 0.0
    take_root: Callable[[], object] = lambda: None
    """Called before each sync: the folder may have come back, and be in use by another."""
    _heartbeat: Callable[[], object] = lambda: None
    _sync_at: float = 0.0
    _sync_took: float = 0.0
    _synced_at: float = float("-inf")
    _tidied: bool = False
    _news: set[str] = field(default_factory=set)
    _sort_due: bool = True
    _follow_due: bool = True
    _reported_at: float = float("-inf")
    _each_turn: list[Callable[[], float | None]] = field(default_factory=list)

    # --- from any thread ---

    def hint(self) -> None:
        """Ask for a look at the disk."""
        self.inbox.put(Hint())

    def call(self, action: Callable[[], None]) -> None:
        """Run `action` on the loop's thread, between two turns."""
        self.inbox.put(Call(action))

    def stop(self) -> None:
        """End `run` after what is in hand. Safe in a signal handler: SimpleQueue is re-entrant."""
        self.stopping = True
        self.inbox.put(Hint())

    # --- on the loop's thread ---

    @property
    def blocked(self) -> str | None:
        """Why nothing is learned or moved, None if nothing keeps it from that."""
        return self.trouble or (self.seen.doubt.reason if self.seen.doubt is not None else None)

    @property
    def problems(self) -> list[str]:
        """What keeps it, or whole stages, from working, one sentence each."""
        return [*([self.blocked] if self.blocked else []), *self.pipeline.problems]

    def sync_every(self, seconds: float) -> None:
        """At least that often, from the last sync on."""
        self.rescan_seconds = seconds
        self._sync_at = min(self._sync_at, self._synced_at + seconds)

    def each_turn(self, action: Callable[[], float | None]) -> None:
        """Also run `action` in every turn; it returns after how many seconds it wants to be run again, or None."""
        self._each_turn.append(action)

    def each_beat(self, action: Callable[[], float | None]) -> None:
        """Run `action` as in `each_turn`, and in the middle of what takes long as well: it must be quick."""
        self._heartbeat = action
        self.each_turn(action)

    def should_stop(self) -> bool:
        """Asked between two pieces of something long, the reading or copying of a film: a sign of life as well."""
        self._heartbeat()
        return self.stopping

    def run(self, *, until_idle: bool = False, patience: float = 60.0) -> None:
        """Turn until stopped; with `until_idle`, until nothing is left to do, or only files that keep growing and syncs
        that are in doubt for `patience` seconds, or until the disk is away."""
        self.believe_missing = self.believe_missing and self.first_sync
        self._sync_at = 0.0
        started = self.timer()
        while not self.stopping:
            wait = self._turn()
            if until_idle and self._idle(patient=self.timer() - started < patience):
                return
            if not self.stopping:
                self._wait(wait)

    def _turn(self) -> float:
        """Do all that can be done now; how many seconds may pass until the next turn if nothing happens."""
        now = self.timer()
        if now >= self._sync_at:
            self._synchronize()
        calm = self.blocked is None
        if calm:
            self._sort()
            self._follow()
            self.pipeline.learn_stranger_share()
            stage = self.pipeline.next_stage()
            if self.pipeline.all_predicted:
                everything = self.pipeline.pending == 0 and not (self.first_sync or self.seen.unread_files)
                self.sorter.announce_update(self.pipeline.predictor, self.pipeline.clock(), everything=everything)
            if stage is not None:
                self.pipeline.give(stage)
        waits = [action() for action in self._each_turn]
        self.last_turn = self.timer()
        if calm:
            # What waits for a lesson to be learned is moved after that, so by itself it is no reason to come round.
            again = None if self.pipeline.training_is_due else self.sorter.next_try(self.pipeline.clock())
            wakes = [self.pipeline.wake_at(), again, self._next_follow()]
            waits += [wake - self.pipeline.clock() for wake in wakes if wake is not None]
        waits.append(self._sync_at - self.timer())
        return max(0.0, min(wait for wait in waits if wait is not None))

    def _wait(self, seconds: float) -> None:
        """Until it is time, or something is to be done. A hint only sets the time of the next sync: of the hundreds a
        second that a download makes, none is worth a turn."""
        until = self.timer() + seconds
        try:
            while not self.stopping:
                message = self.inbox.get(timeout=max(0.0, min(until, self._sync_at) - self.timer()))
                self._handle(message)
                if not isinstance(message, Hint):
                    break
            while True:
                self._handle(self.inbox.get_nowait())
        except queue.Empty:
            return

    def _handle(self, message: LoopMessage) -> None:
        match message:
            case Hint():
                soonest = max(self.timer() + SYNC_GAP, self._synced_at + SYNC_SHARE * self._sync_took)
                self._sync_at = min(self._sync_at, soonest)
            case Call(action):
                action()
            case _:
                message = verify_source(message, self.pipeline.busy, self.synchronizer.root, self.synchronizer.store)
                self._news |= self.pipeline.take(message)
                if isinstance(message, WorkerLost) or (isinstance(message, ExtractFailed) and message.transient):
                    self._sync_at = 0.0  # the file may have been moved or deleted since it was queued
                self._progress(message)

    def _synchronize(self) -> None:
        started = self.timer()
        before = self.seen
        try:
            self.take_root()
            self.seen = self.synchronizer.synchronize(
                watching=not self.first_sync,
                should_stop=self.should_stop,
                earlier=self.seen.doubt,
                believe=self.believe_missing,
                settle_moves=self._settle_moves,
            )
        except Stopped:
            return
        except (RootUnavailable, MoveUnclear) as error:
            if self.trouble != str(error):
                self.report(Fault("", str(error)))
            self.trouble = str(error)
            self._sync_at = self.timer() + ROOT_RETRY
            return
        if self.trouble is not None:
            self.report(Note("the folder of videos is back"))
        self.trouble = None
        self._synced_at = self.timer()
        took = self._synced_at - started
        self._sync_took = took - self.seen.reading
        self._schedule_next_sync()
        self._follow_due = True
        self.report(Synchronized(len(self.seen.changes), took))
        self._report_news(self.seen, before)
        if self.seen.doubt is None:
            self.pipeline.trust_own_moves()
        if self.seen.changes or self.seen.folders_changed:
            self.pipeline.labels_changed()
            self._sort_due = True
        elif self.sorter.failed.may_work_now():
            self._sort_due = True
        if self.seen.unread_files == 0:
            self.first_sync = False
            self.believe_missing = False

    def _settle_moves(self) -> bool:
        recovered = self.mover.recover()
        if not (recovered or self._tidied):  # once a start: it walks through all folders
            self.mover.tidy()
        self._tidied = True
        for one in recovered:
            self.report(Fault(one.entry.source, f"a move that was cut short was {one.outcome}"))
            for sidecar in one.left:
                self.report(Fault(sidecar, "did not follow its video: the move was cut short, and its place is taken"))
        return bool(recovered)

    def _schedule_next_sync(self) -> None:
        waits = [self.rescan_seconds]
        if self.seen.unread_files:
            waits.append(0.0)
        if self.seen.again_at is not None:
            waits.append(max(SYNC_GAP, self.seen.again_at - self.synchronizer.clock()))
        self._sync_at = self._synced_at + min(waits)

    def _sort(self) -> None:
        again = self.sorter.next_try(self.pipeline.clock())
        everything = self._sort_due or (again is not None and again <= self.pipeline.clock())
        if not everything and not self._news:
            return
        if self.pipeline.training_is_due:
            return  # first learn, then move
        self._sort_due = False
        moved = self.sorter.sort(
            self.pipeline.predictor, now=self.pipeline.clock(), news=self._news, everything=everything
        )
        self._news.clear()
        if moved:
            self.report(StageProgress("move", moved, moved))

    def _follow(self) -> None:
        """Sidecars that lie where their video was: after each sync, and when one of them may have settled."""
        again = self._next_follow()
        if self.following is None or not (self._follow_due or (again is not None and again <= self.pipeline.clock())):
            return
        self._follow_due = False
        now = self.pipeline.clock()
        self.following.follow(now, moving=self.sorter.may_move(now), should_stop=self.should_stop)

    def _next_follow(self) -> float | None:
        return None if self.following is None else self.following.next_try()

    def _idle(self, *, patient: bool) -> bool:
        if self.blocked is not None:
            return self.trouble is not None or not patient
        return (
            self.seen.unread_files == 0
            and not (self.seen.growing and patient)
            and not (self._next_follow() is not None and patient)
            and self.timer() < self._sync_at
            and self.pipeline.busy is None
            and self.pipeline.next_stage() is None
        )

    def _progress(self, message: LoopMessage) -> None:
        if self.pipeline.space is not None and isinstance(message, Extracted | ExtractFailed):
            done, waiting, pace = self.pipeline.extracted, self.pipeline.pending, self.pipeline.per_minute
            self.report(StageProgress("extract", done, done + waiting, pace))
            if pace is not None and waiting and self.timer() - self._reported_at >= UNDERWAY_SECONDS:
                self._reported_at = self.timer()
                self.report(ExtractionUnderway(done, waiting, pace))

    def _report_news(self, seen: SyncResult, before: SyncResult) -> None:
        """What is new: a state is told when it begins, not at each sync while it lasts."""
        doubt, doubted = (one.doubt.reason if one.doubt else None for one in (seen, before))
        if doubt != doubted:
            self.report(Fault("", doubt) if doubt else Note("the videos that were missing are accounted for"))
        for path, reason in seen.unreadable:
            self.report(Fault(path, reason))
        # The first look at a library is its inventory, not the user's doing.
        if not self.first_sync:
            for change in seen.changes:
                activity = user_action(change)
                if activity is not None:
                    self.report(activity)
