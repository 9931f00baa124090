"""The jobs in flight. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from sorterd.pipeline.executor import HERE
from sorterd.pipeline.schedule import Stage
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Extract, Job, without_rows
from sorterd.worker.report_messages import Report, Step


@dataclass(frozen=True, slots=True)
class Given:
    """A job, without its rows, the worker that has it, and the stage that it is of."""

    job: Job
    worker: str
    stage: Stage


@dataclass(slots=True)
class InFlight:
    """Which jobs were given to which worker and have not ended. True if there are any."""

    _given: dict[int, Given] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._given)

    def add(self, job: Job, worker: str = HERE, stage: Stage = "extract") -> None:
        """Note that a worker was given a job."""
        self._given[job.job] = Given(without_rows(job), worker, stage)

    def of(self, number: int) -> Given | None:
        """Return the job with this number. None if it has ended or was given up."""
        return self._given.get(number)

    def end(self, number: int) -> None:
        """Note that a job has ended."""
        self._given.pop(number, None)

    def take(self, report: Report | WorkerLost) -> Given | None:
        """Return the job that is reported on, which has ended if this is its last report. None as in `of`."""
        given = self.of(report.job)
        if not isinstance(report, Step):
            self.end(report.job)
        return given

    def at(self, worker: str) -> list[Job]:
        """Return the jobs of a worker, in the order in which it was given them."""
        return [given.job for given in self._given.values() if given.worker == worker]

    @property
    def extractors(self) -> set[str]:
        """The names of the workers that extract videos."""
        return {given.worker for given in self._given.values() if isinstance(given.job, Extract)}

    @property
    def here(self) -> Job | None:
        """The job of the worker on this machine, which takes one at a time."""
        return next(iter(self.at(HERE)), None)

    @property
    def shown(self) -> Job | None:
        """The job that says best what is being done: the one on this machine, else any."""
        return self.here or next((given.job for given in self._given.values()), None)

    def videos_at(self, worker: str) -> int:
        """Return how many videos a worker has."""
        return sum(len(job.items) for job in self.at(worker) if isinstance(job, Extract))

    @property
    def videos(self) -> frozenset[str]:
        """The videos whose extraction is in flight. None of them may be given to a second worker."""
        jobs = [given.job for given in self._given.values() if isinstance(given.job, Extract)]
        return frozenset(item.fingerprint for job in jobs for item in job.items)
