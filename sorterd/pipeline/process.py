"""Which jobs may share one process of the worker."""

from __future__ import annotations

from dataclasses import dataclass

from sorterd.pipeline.executor import Executor
from sorterd.worker.caption_messages import Read
from sorterd.worker.messages import LOADING, Job, Pictures


@dataclass(slots=True)
class WorkerProcess:
    """Gives jobs to the worker, and starts another process where a job could not be done in this one.

    A process that opened files of strangers before it had loaded the models for extraction may load none any more: they
    might have to be fetched, and it has given up its network.
    """

    worker: Executor
    _without_models: bool = False

    def submit(self, job: Job) -> None:
        """Give the worker a job."""
        if isinstance(job, LOADING):
            if self._without_models:
                self.worker.unload()
            self._without_models = False
        elif isinstance(job, Read | Pictures) and not self.worker.has_models:
            self._without_models = True
        self.worker.submit(job)
