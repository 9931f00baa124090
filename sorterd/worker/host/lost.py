"""Errors between the daemon and its worker, as values."""

from __future__ import annotations

from dataclasses import dataclass, field


class WorkerBusy(Exception):
    """A job was submitted while another was running."""


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """The worker died, hung or sent invalid reports, and job `job` is lost with it. The next job gets a new worker.

    `in_flight` are the fingerprints of the videos it was working on, in the order in which it began them: one of them
    is to blame. It is empty if there were none, or if none of them can be to blame. `by_itself`: nobody else ended the
    worker.
    """

    job: int
    in_flight: tuple[str, ...]
    reason: str
    by_itself: bool = field(default=True, compare=False)
