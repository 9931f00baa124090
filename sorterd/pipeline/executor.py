"""The place where work runs, as far as the daemon knows it. A distributed engine could stand here as well."""

from __future__ import annotations

from typing import Protocol

from sorterd.worker.messages import Job


class Executor(Protocol):
    """Takes jobs, one at a time."""

    has_models: bool
    """Whether the process at work may have loaded models, which it keeps until it has been idle for long enough."""

    def submit(self, job: Job) -> None:
        """Take one job; its reports come to the callback that the worker was made with."""

    def unload(self) -> None:
        """Forget the models that are loaded: the next job starts a new process, with the settings of then."""
