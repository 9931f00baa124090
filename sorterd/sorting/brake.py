"""Detect that the user takes back clearly more of our moves than their confidences promised. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WINDOW = 30  # the last moves that count
LEAST = 3  # fewer moves taken back never stop moving
CHANCE = 0.002  # the probability that correct confidences stop moving by chance


@dataclass(frozen=True, slots=True)
class OwnMove:
    """One of our moves: how sure we were that it is right, and whether the user has taken it back."""

    confidence: float
    taken_back: bool


def too_many_taken_back(moves: Sequence[OwnMove]) -> str | None:
    """Return why moving should stop, in one sentence, or None. `moves` are our moves, newest first.

    The number of wrong moves among independent moves with known confidences has a Poisson-binomial distribution. Moves
    that the user never looked at count as right, so the test errs towards going on.
    """
    recent = moves[:WINDOW]
    taken_back = sum(move.taken_back for move in recent)
    expected = sum(1.0 - move.confidence for move in recent)
    if taken_back < LEAST or _chance_of_at_least(taken_back, recent) >= CHANCE:
        return None
    return (
        f"you took back {taken_back} of the last {len(recent)} moves, where their confidence promised about "
        f"{expected:.0f}"
    )


def _chance_of_at_least(count: int, moves: Sequence[OwnMove]) -> float:
    """Return the probability that `count` moves or more are wrong."""
    chances = [1.0]  # chances[k]: the probability that k of the moves so far are wrong
    for move in moves:
        wrong = 1.0 - move.confidence
        chances = [
            stay * move.confidence + one_less * wrong
            for stay, one_less in zip([*chances, 0.0], [0.0, *chances], strict=True)
        ]
    return sum(chances[count:])
