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

from sorterd.activity import Reporter, StageProgress
from sorterd.daemon.library_sync import LibrarySync
from sorterd.pipeline.pipeline import Pipeline
from sorterd.pipeline.verify_source import verify_source
from sorterd.sorting.following import Following
from sorterd.sorting.sorter import Sorter
from sorterd.sorting.training_effects import TrainingEffects
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.report_messages import ExtractFailed, Report

# Moves to a slow disk may take hours together. Nobody who asks for something, and no drag, waits longer for them than
# this and the move that is being made.
MOVING_SECONDS = 2.0


class Hint:
    """Something has changed on disk: synchronize."""


@dataclass(frozen=True, slots=True)
class Call:
    """Run this on the loop's thread."""

    action: Callable[[], None]


LoopMessage = Hint | Call | Report | WorkerLost
Inbox = queue.SimpleQueue[LoopMessage]
"""What other threads send to the loop."""


@dataclass(slots=True)
class Loop:
    """Everything that the running program does, turn by turn.

    `stopping` ends `run` after the present turn. The rest are the parts that a turn is made of.
    """

    sync: LibrarySync
    pipeline: Pipeline
    sorter: Sorter
    report: Reporter
    inbox: Inbox
    timer: Callable[[], float] = time.monotonic
    stopping: bool = False
    following: Following | None = None
    effects: TrainingEffects | None = None
    _heartbeat: Callable[[], object] = lambda: None
    _news: set[str] = field(default_factory=set)
    _sort_due: bool = True
    _follow_due: bool = True
    _each_turn: list[Callable[[], float | None]] = field(default_factory=list)

    # --- from any thread ---

    def hint(self) -> None:
        """Ask for a sync."""
        self.inbox.put(Hint())

    def call(self, action: Callable[[], None]) -> None:
        """Run `action` on the loop's thread, between two turns."""
        self.inbox.put(Call(action))

    def stop(self) -> None:
        """End `run` as soon as possible. Safe in a signal handler, because SimpleQueue is re-entrant."""
        self.stopping = True
        self.inbox.put(Hint())

    # --- on the loop's thread ---

    @property
    def problems(self) -> list[str]:
        """What keeps the loop or whole stages from working, one sentence each."""
        return [*([self.sync.blocked] if self.sync.blocked else []), *self.pipeline.pauses.reasons]

    def each_turn(self, action: Callable[[], float | None]) -> None:
        """Run `action` in every turn too. It returns in how many seconds it must run again, or None."""
        self._each_turn.append(action)

    def each_beat(self, action: Callable[[], float | None]) -> None:
        """Run `action`, which must be quick, in every turn and also in the middle of what takes long."""
        self._heartbeat = action
        self.each_turn(action)

    def should_stop(self) -> bool:
        """Return whether to stop. Long reads and copies call this often, which also serves as a heartbeat."""
        self._heartbeat()
        return self.stopping

    def run(self, *, until_idle: bool = False, patience: float = 60.0) -> None:
        """Turn until stopped.

        With `until_idle`, return when nothing is left to do or the disk is away. Files that keep growing, stages that
        wait without having failed, and syncs in doubt are waited for, but only for `patience` seconds in which the
        worker has nothing to do.
        """
        self.sync.begin()
        worked_at = self.timer()
        while not self.stopping:
            wait = self._turn()
            if self.pipeline.busy:
                worked_at = self.timer()
            if until_idle and self._idle(patient=self.timer() - worked_at < patience):
                return
            if not self.stopping:
                self._wait(wait)

    def _turn(self) -> float:
        """Do all that can be done now. Return how many seconds may pass until the next turn if nothing happens."""
        if self.timer() >= self.sync.due_at:
            self.synchronize()
        calm = self.sync.blocked is None
        if calm:
            self._sort()
            self._follow()
            if self.pipeline.all_predicted and not self.pipeline.learn_stranger_share():
                everything = self.pipeline.pending == 0 and not (self.sync.first or self.sync.result.unread_files)
                self.sorter.announce_update(self.pipeline.predictor, self.pipeline.clock(), everything=everything)
                if self.effects is not None:
                    self.effects.all_predicted(self.pipeline.predictor, self.pipeline.clock())
            stage = self.pipeline.next_stage()
            if stage is not None:
                if stage == "train" and self.effects is not None and self.pipeline.training.follows_label_change:
                    self.effects.training_begins(self.pipeline.predictor)
                self.pipeline.give(stage)
            self.pipeline.give_others()
        waits = [action() for action in self._each_turn]
        if calm:
            # A move that waits for a training is made after it, and needs no turn of its own.
            again = None if self.pipeline.training_is_due else self._next_sort(self.pipeline.clock())
            wakes = [self.pipeline.wake_at(), again, self._next_follow()]
            waits += [wake - self.pipeline.clock() for wake in wakes if wake is not None]
        waits.append(self.sync.due_at - self.timer())
        return max(0.0, min(wait for wait in waits if wait is not None))

    def _wait(self, seconds: float) -> None:
        """Wait until it is time or there is something to do.

        A hint only sets the time of the next sync: a download makes hundreds a second, and none is worth a turn.
        """
        until = self.timer() + seconds
        try:
            while not self.stopping:
                message = self.inbox.get(timeout=max(0.0, min(until, self.sync.due_at) - self.timer()))
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
                self.sync.hint()
            case Call(action):
                action()
            case _:
                given = self.pipeline.busy.of(message.job)
                # The videos of a comparison are none of this library.
                job = None if given is None or given.stage == "compare" else given.job
                message = verify_source(message, job, self.pipeline.root, self.pipeline.store)
                self._news |= self.pipeline.take(message)
                if isinstance(message, WorkerLost) or (isinstance(message, ExtractFailed) and message.transient):
                    self.sync.due_at = 0.0  # the file may have been moved or deleted since it was queued

    def synchronize(self) -> None:
        """Learn now what has happened on the disk."""
        if not self.sync.run(self.should_stop):
            return
        result = self.sync.result
        self._follow_due = True
        if result.doubt is None:
            self.pipeline.training.trust_own_moves()
        if result.changes or result.folders_changed or self.sorter.failed.may_work_now():
            self._sort_due = True

    def _sort(self) -> None:
        now = self.pipeline.clock()
        everything = _is_over(self._next_sort(now), now)
        if not (everything or self._news) or self.pipeline.training_is_due:
            return  # nothing to move, or first learn, then move
        until = self.timer() + MOVING_SECONDS
        result = self.sorter.sort(
            self.pipeline.predictor,
            now=now,
            news=self._news,
            everything=everything,
            enough=lambda: self.timer() >= until,
        )
        self._sort_due = bool(result.left)
        self._news &= result.left
        if result.moved:
            self.report(StageProgress("move", result.moved, result.moved))

    def _next_sort(self, now: float) -> float | None:
        return now if self._sort_due else self.sorter.next_try(now)

    def _follow(self) -> None:
        """Let sidecars follow their videos: after each sync, and when one of them may have settled."""
        now = self.pipeline.clock()
        if self.following is not None and (self._follow_due or _is_over(self._next_follow(), now)):
            self._follow_due = False
            self.following.follow(now, moving=self.sorter.may_follow(now), should_stop=self.should_stop)

    def _next_follow(self) -> float | None:
        return None if self.following is None else self.following.next_try()

    def _idle(self, *, patient: bool) -> bool:
        if self.sync.blocked is not None:
            return self.sync.trouble is not None or not patient
        return (
            self.sync.result.unread_files == 0
            and not (self.sync.result.growing and patient)
            and not (self._sort_due and not self.pipeline.training_is_due)
            and not (self._next_follow() is not None and patient)
            and self.timer() < self.sync.due_at
            and not self.pipeline.busy
            and self.pipeline.next_stage() is None
            and not (self.pipeline.pauses.waits_for_moment(self.pipeline.clock()) and patient)
        )


def _is_over(until: float | None, now: float) -> bool:
    return until is not None and until <= now
