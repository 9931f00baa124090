"""Which worker is given which job."""

from __future__ import annotations

from dataclasses import dataclass

from sorterd.backoff import StageBackoff
from sorterd.pipeline.executor import Executor
from sorterd.pipeline.executor_pool import ExecutorPool
from sorterd.pipeline.extracting import Extracting
from sorterd.pipeline.in_flight import InFlight
from sorterd.pipeline.process import WorkerProcess
from sorterd.pipeline.schedule import Stage, stage_at
from sorterd.pipeline.stage_handler import StageHandler
from sorterd.store.backlog import FRESH_SECONDS


@dataclass(slots=True)
class Dispatch:
    """Gives jobs to the workers, and notes them as in flight."""

    workers: ExecutorPool
    process: WorkerProcess
    extracting: Extracting
    busy: InFlight
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
        if self._last_here != "predict" or predictor is None or not self.busy.extractors:
            return False
        arrived_after = self.extracting.clock() - FRESH_SECONDS
        return not self.extracting.in_use.backlog.any_unpredicted(predictor, arrived_after=arrived_after)

    def give_here(self, stage: Stage, handler: StageHandler, urgent: int) -> None:
        """Give the worker here the next job of this stage."""
        self._last_here = stage
        job = handler.job(self._number())
        self.busy.add(job, stage=stage)
        self.process.submit(job, urgent)

    def give_others(self) -> None:
        """Give the other workers videos to extract, as far as they have room. Idle ones come first."""
        ready = self.extracting.ready()
        slots = [(before, name) for name, room in ready.items() for before in range(len(self.busy.at(name)), room.jobs)]
        for _, name in sorted(slots):
            job = self.extracting.job_at(name, self._number(), ready)
            if job is not None:
                self.busy.add(job, name)
                self.workers.submit(job, name)

    def _number(self) -> int:
        self._given += 1
        return self._given

    def _forget(self, name: str) -> None:
        """Forget that this worker has failed."""
        stage = stage_at(name, "extract")
        self.pauses.worked(stage)
        self.pauses.lift(stage)
