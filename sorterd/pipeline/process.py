"""Which jobs may share one process of the worker."""

from __future__ import annotations

from dataclasses import dataclass

from sorterd.features.settings import FeatureSettings
from sorterd.pipeline.card import Card
from sorterd.pipeline.executor_pool import ExecutorPool
from sorterd.worker.job_messages import KINDS, OF_VIDEOS, Job


@dataclass(slots=True)
class WorkerProcess:
    """Gives jobs to the worker on this machine, and starts another process where a job could not be done in this one.

    A process that opened files of strangers before it had loaded the models for extraction may load none any more: they
    might have to be fetched, and it has given up its network.
    """

    workers: ExecutorPool
    card: Card
    features: FeatureSettings
    _without_models: bool = False

    def submit(self, job: Job, urgent: int) -> None:
        """Give the worker a job. `urgent` is how many videos wait that may be worked on at this time of day."""
        started, models_loaded = self.card.started, self.workers.has_models
        self.card.start_if_it_pays(self.features, urgent, models_loaded=models_loaded)
        if self.card.started and not started:  # a process keeps the settings that it was started with
            self.workers.unload()
        if KINDS[type(job)].loads_models:
            if self._without_models:
                self.workers.unload()
            self._without_models = False
        elif isinstance(job, OF_VIDEOS) and not self.workers.has_models:
            self._without_models = True
        self.workers.submit(job)
