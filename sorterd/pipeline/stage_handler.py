"""What a stage is to the pipeline."""

from __future__ import annotations

from typing import Protocol

from sorterd.pipeline.in_flight import Given
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Job
from sorterd.worker.report_messages import DeviceRefused, JobFailed, Report

Failure = JobFailed | DeviceRefused | WorkerLost
"""What ends a job without its answer."""


class StageHandler(Protocol):
    """Makes the jobs of one stage, and records what becomes of them. Used on the loop's thread only."""

    def due(self) -> bool:
        """Return whether there is something to do now."""

    def job(self, number: int) -> Job:
        """Return the next job, with this number. Only called if the stage is due."""

    def take(self, report: Report | WorkerLost, given: Given, /) -> bool:
        """Record a report on such a job. Return False if the stage has failed and no video is to blame."""
