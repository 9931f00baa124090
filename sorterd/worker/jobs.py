"""Which job is done where, and what is kept in memory from one job to the next. Heavy imports wait for their job."""

from __future__ import annotations

from collections.abc import Callable

from sorterd.worker.messages import Describe, Extract, Job, JobFailed, Predict, Report, Setup, Train

Send = Callable[[Report], None]


class Jobs:
    """Does the jobs of one worker; `send` takes the reports."""

    def __init__(self, setup: Setup, send: Send) -> None:
        self._setup = setup
        self._send = send

    def do(self, job: Job) -> None:
        """Do `job` and report its end."""
        match job:
            case Describe() | Extract() | Train() | Predict():
                self._send(JobFailed(job.job, "not built yet"))
