"""Which worker is given which job."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sorterd.backoff import StageBackoff
from sorterd.pipeline.executor import Executor
from sorterd.pipeline.executor_pool import ExecutorPool
from sorterd.pipeline.next_job import NextJob
from sorterd.pipeline.process import WorkerProcess
from sorterd.pipeline.recorder import stage_at
from sorterd.pipeline.schedule import Stage
from sorterd.store.backlog import FRESH_SECONDS
from sorterd.worker.host.room import Room

MOST_JOBS = 2
"""Jobs that a worker has at most: while one is under way, the next one travels."""


@dataclass(slots=True)
class Dispatch:
    """Gives jobs to the workers, and notes them as in flight."""

    workers: ExecutorPool
    process: WorkerProcess
    next_job: NextJob
    pauses: StageBackoff
    _given: int = 0
    _last_here: Stage | None = None

    def join(self, name: str, executor: Executor) -> None:
        """Let another worker extract videos, from the next turn on."""
        self._forget(name)
        self.workers.others[name] = executor

    def leave(self, name: str) -> None:
        """Give this worker nothing any more. It reports itself that its jobs are lost."""
        self.workers.others.pop(name, None)
        self._forget(name)

    def extracts_next(self, predictor: str | None) -> bool:
        """Return whether the worker here should extract although there is something to predict.

        While others extract, there always is, so it takes turns. No new arrival waits for its prediction, though.
        """
        if self._last_here != "predict" or predictor is None or not self.next_job.busy.extractors:
            return False
        arrived_after = self.next_job.clock() - FRESH_SECONDS
        return not self.next_job.in_use.backlog.any_unpredicted(predictor, arrived_after=arrived_after)

    def give_here(self, stage: Stage, urgent: int, *, wanted: Collection[str], in_turn: bool) -> None:
        """Give the worker here the next job of this stage."""
        self._last_here = stage
        ready = self._ready() if stage == "extract" else {}
        job = self.next_job.of(stage, self._number(), ready=ready, wanted=wanted, in_turn=in_turn)
        self.next_job.busy.add(job)
        self.process.submit(job, urgent)

    def give_others(self, *, wanted: Collection[str], in_turn: bool) -> None:
        """Give the other workers videos to extract, as far as they have room. Idle ones come first."""
        busy, ready = self.next_job.busy, self._ready()
        slots = [(before, name) for name, room in ready.items() for before in range(len(busy.at(name)), room.jobs)]
        for _, name in sorted(slots):
            largest = ready[name].bytes
            job = self.next_job.extract(
                self._number(), name, ready=ready, largest=largest, wanted=wanted, in_turn=in_turn
            )
            if job is not None:
                busy.add(job, name)
                self.workers.submit(job, name)

    def _ready(self) -> dict[str, Room]:
        """Return which other workers take videos now, and how many jobs each of them may have."""
        if not self.workers.others:
            return {}
        now = self.next_job.clock()
        if self.next_job.in_use.backlog.any_of(self.next_job.attempts.recalled, now):
            return {}
        rooms = {name: other.room() for name, other in self.workers.others.items()}
        return {
            name: replace(room, jobs=min(room.jobs, MOST_JOBS))
            for name, room in rooms.items()
            if room.jobs and self.pauses.over(stage_at(name, "extract"), now)
        }

    def _number(self) -> int:
        self._given += 1
        return self._given

    def _forget(self, name: str) -> None:
        """Forget that this worker has failed."""
        stage = stage_at(name, "extract")
        self.pauses.worked(stage)
        self.pauses.lift(stage)
