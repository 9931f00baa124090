"""How many videos a worker is given at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sorterd.pipeline.executor import HERE
from sorterd.pipeline.in_flight import InFlight

HELD_UP = 3.0  # seconds that a new arrival may wait for the batch under way
FEWEST, USUAL, MOST = 4, 8, 32  # videos of a batch: fewer do not keep the models busy (2: 10 % slower, 1: 20 %)


def batch_size(
    worker: str, busy: InFlight, ready: Collection[str], pace: Callable[[str], float | None], pending: int
) -> int:
    """Return how many videos this worker may be given, 0 if the others will have done all before it.

    `ready` are the workers that have room for more. `pace` returns the videos per minute of a worker, None if that is
    not known yet. `pending` are the videos that have no features, with those in flight.
    """
    most, has_some = _held_up(pace(worker)), bool(busy.at(worker))
    if worker != HERE and has_some:  # a new arrival may wait for both of its jobs
        most //= 2
    if worker == HERE and busy:  # or for a job elsewhere, and for this one before it is predicted
        most = max(FEWEST, most // 2)
    paces = _paces(busy.extractors.union(ready, {worker}), pace)
    if len(paces) > 1:  # half of its share of what is left, so that all workers end at about the same time
        share = pending * paces[worker] / sum(paces.values()) - busy.videos_at(worker)
        most = min(most, max(0, round(share / 2 if share > 1 else share)))
    faster = any(paces[one] > paces[worker] and not busy.at(one) for one in ready)
    return most if worker != HERE and (has_some or faster) else max(1, most)


def _held_up(per_minute: float | None) -> int:
    """Return how many videos a worker of this pace does while a new arrival may wait."""
    return USUAL if per_minute is None else min(MOST, max(FEWEST, round(HELD_UP * per_minute / 60)))


def _paces(workers: Collection[str], pace: Callable[[str], float | None]) -> dict[str, float]:
    """Return the pace of each worker. One that is not known yet counts as the mean of the others."""
    paces = {one: pace(one) for one in workers}
    known = [one for one in paces.values() if one]
    mean = sum(known) / len(known) if known else 1.0
    return {name: one or mean for name, one in paces.items()}
