"""Follow a job by the worker's reports, and tell when the worker hangs. Pure: time is passed in.

A worker hangs when it has been silent for `item_timeout` seconds with at least one video in flight. Every report of the
job restarts the clock of all videos. A clock per video would call a full batch hung, because a decoded video may wait
for the models while another is being decoded.

Each report may come only once per video, so a job of n videos ends after at most 2n + 1 such silences, whatever the
worker does. If one video hangs in a thread of its own, the others of its job are finished first. It is then the only
one in flight when the time is up, so the right video gets the blame.

With no video in flight the worker is starting, loading or fetching models, training or predicting. Then it may be
silent for `start_timeout`.
"""

from __future__ import annotations

from types import UnionType

from sorterd.worker import validate
from sorterd.worker.job_messages import KINDS, OF_VIDEOS, Job
from sorterd.worker.report_messages import DeviceRefused, JobDone, JobFailed, OfVideo, Placed, Report, Started, Step
from sorterd.worker.wire import WireError


class JobProgress:
    """One job, running since `now`."""

    def __init__(self, job: Job, now: float) -> None:
        self.job = job
        self._possible = _answers(job)
        self._unanswered = {item.fingerprint for item in job.items} if isinstance(job, OF_VIDEOS) else set()
        self._in_flight: dict[str, None] = {}  # a set that keeps its order
        self._last_heartbeat = now

    @property
    def in_flight(self) -> tuple[str, ...]:
        """Return the fingerprints of the videos that the worker is working on, in the order in which it began them."""
        return tuple(self._in_flight)

    def heartbeat(self, now: float) -> None:
        """Record a sign of life."""
        self._last_heartbeat = now

    def withdraw(self, fingerprint: str, now: float) -> None:
        """Expect no answer on this video any more. Raise WireError if it was answered or begun."""
        if fingerprint not in self._unanswered or fingerprint in self._in_flight:
            raise WireError("a video that cannot be withdrawn")
        self._unanswered.remove(fingerprint)
        self._last_heartbeat = now

    def record(self, report: Report, now: float) -> bool:
        """Record a report. Return whether it ends the job. Raise WireError for one that is out of turn."""
        name = type(report).__name__
        if report.job != self.job.job or not isinstance(report, self._possible):
            raise WireError(f"{name} of job {report.job} in answer to {type(self.job).__name__} {self.job.job}")
        validate.check(report, self.job)
        self._last_heartbeat = now
        if isinstance(report, Started):
            if report.fingerprint not in self._unanswered or report.fingerprint in self._in_flight:
                raise WireError(f"{name} of a video that was not next")
            self._in_flight[report.fingerprint] = None
        elif isinstance(report, OfVideo):
            if report.fingerprint not in self._in_flight:
                raise WireError(f"{name} of a video that was not in flight")
            del self._in_flight[report.fingerprint]
            self._unanswered.remove(report.fingerprint)
        elif isinstance(report, JobDone) and self._unanswered:
            raise WireError(f"{name} with {len(self._unanswered)} videos unanswered")
        return not isinstance(report, Step)

    def deadline(self, item_timeout: float, start_timeout: float) -> float:
        """Return the time at which the worker, if silent until then, hangs."""
        return self._last_heartbeat + (item_timeout if self._in_flight else start_timeout)


def _answers(job: Job) -> tuple[type | UnionType, ...]:
    """Return the reports that a worker may send on this job."""
    kind = KINDS[type(job)]
    of_videos = (Started, JobDone) if isinstance(job, OF_VIDEOS) else ()
    of_card = (Placed, DeviceRefused) if kind.loads_models else ()
    return (kind.answer, *of_videos, *of_card, JobFailed)
