"""The place where work runs, as far as the pipeline knows it: one worker, on this machine or on another."""

from __future__ import annotations

from typing import Protocol

from sorterd.worker.host.room import Room
from sorterd.worker.job_messages import Job

HERE = ""
"""The name of the worker on this machine. Others have the name of their invitation."""


class Executor(Protocol):
    """One worker.

    It is made with a callback for its reports, which it may call on any thread. Each job ends with exactly one last
    report or `WorkerLost`, even if the worker is gone when the job is submitted. All methods are called on the loop's
    thread and return at once, except `stop` of the worker on this machine, which waits for it.
    """

    has_models: bool
    """Whether the process at work may have loaded models, which it keeps until it has been idle for long enough."""

    def room(self) -> Room:
        """Return how many jobs it may have now, including those that it has."""

    def submit(self, job: Job) -> None:
        """Take one job."""

    def unload(self) -> None:
        """Forget the models that are loaded: the next job starts a new process, with the settings of then."""

    def stop(self) -> None:
        """Give up all jobs, without reports."""
