"""What the worker should do next. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["read", "describe", "compare", "extract", "train", "predict", "export", "pictures"]


@dataclass(frozen=True, slots=True)
class Situation:
    """What waits: captions to be read, videos for extraction, videos for prediction, a training (by time), embeddings
    for export, and videos for pictures, as far as these may be drawn now.

    `extract_first`: it is the turn of extracting, as there is always something to predict while other workers extract.
    `uncompared`: another machine waits to be compared with this one.
    """

    described: bool
    unextracted: bool
    unpredicted: bool
    train_at: float | None
    unexported: bool = False
    unpictured: bool = False
    unread: bool = False
    extract_first: bool = False
    uncompared: bool = False


def next_stage(situation: Situation, allowed: frozenset[Stage], *, now: float) -> Stage | None:
    """Return the stage of the next job, or None.

    Captions come first, because reading one takes a moment and a training learns from it. Comparing takes seconds, and
    then another machine can work. Training comes before
    prediction, because predictions made before it would have to be made again. Then what is extracted is
    predicted, and only then the next few videos are extracted, in the queue's order. So an arrival that is extracted
    first is also predicted first, however long the queue is. Pictures wait for everything else.
    """
    if situation.unread and "read" in allowed:
        return "read"
    if not situation.described:
        return "describe"
    if situation.uncompared and "extract" in allowed:
        return "compare"
    if situation.train_at is not None and situation.train_at <= now and "train" in allowed:
        return "train"
    extract = situation.unextracted and "extract" in allowed
    if situation.unpredicted and "predict" in allowed and not (situation.extract_first and extract):
        return "predict"
    if extract:
        return "extract"
    if situation.unexported and "export" in allowed:
        return "export"
    return "pictures" if situation.unpictured and "pictures" in allowed else None
