"""All workers: the one on this machine always, and others besides."""

from __future__ import annotations

from dataclasses import dataclass, field

from sorterd.pipeline.executor import HERE, Executor
from sorterd.worker.job_messages import Extract, Job


@dataclass(slots=True)
class ExecutorPool:
    """Owns the workers. Used on the loop's thread only.

    Only extraction travels. Whatever else there is to do, and `has_models` and `unload`, belong to the worker `here`.
    """

    here: Executor
    others: dict[str, Executor] = field(default_factory=dict)

    @property
    def has_models(self) -> bool:
        """Whether the worker here may have loaded models."""
        return self.here.has_models

    def submit(self, job: Job, worker: str = HERE) -> None:
        """Give a job to this worker."""
        if worker == HERE:
            self.here.submit(job)
            return
        assert isinstance(job, Extract)
        self.others[worker].submit(job)

    def unload(self) -> None:
        """Have the worker here forget its models."""
        self.here.unload()

    def stop(self) -> None:
        """Stop all workers. Only the one here is waited for."""
        for other in self.others.values():
            other.stop()
        self.here.stop()
