"""What can go wrong between the daemon and its worker, as values."""

from __future__ import annotations

from dataclasses import dataclass, field


class WorkerBusy(Exception):
    """A job was submitted while another was under way."""


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """The worker died, hung, or made no sense, and job `job` with it. The next job gets a new worker.

    `in_hand` are the fingerprints of the videos that it had in hand, the one it took first in front: one of them did
    it. Empty when it had none in hand, or when none of them can be to blame. `by_itself`: nobody else ended it.
    """

    job: int
    in_flight: tuple[str, ...]
    reason: str
    by_itself: bool = field(default=True, compare=False)
