"""What the worker should do next. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["describe", "extract", "train", "predict", "export"]


@dataclass(frozen=True, slots=True)
class Situation:
    """What waits: `fresh` and `backlog` videos for extraction, `unjudged` ones for prediction, a training by time,
    and whether there are embeddings that were not exported."""

    described: bool
    fresh: int
    backlog: int
    unjudged: int
    train_at: float | None
    unexported: bool = False


def next_stage(situation: Situation, allowed: frozenset[Stage], *, now: float) -> Stage | None:
    """The next job, or None.

    Somebody waits for an arrival, so it is extracted and judged first; then the user's lessons are learned;
    then the backlog has its turn, one small batch at a time, so that none of the others waits long.
    """
    if not situation.described:
        return "describe"
    if situation.fresh and "extract" in allowed:
        return "extract"
    if situation.unjudged and "predict" in allowed:
        return "predict"
    if situation.train_at is not None and situation.train_at <= now and "train" in allowed:
        return "train"
    if situation.backlog and "extract" in allowed:
        return "extract"
    return "export" if situation.unexported and "export" in allowed else None
