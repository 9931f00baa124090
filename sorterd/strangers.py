"""The share of videos that belong to no folder, estimated from how sure the model is of those that it knows. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection

# What is expected of so many videos before any is seen: half of them belong nowhere.
EXPECTED = 10.0
LEAST, HALF = 0.05, 0.5
# From so many videos on a folder's own labels say how far it can be trusted; below, the rule of succession caps it.
CALIBRATED_FROM = 5
ROUNDS = 100
STEP = 0.2  # in log-odds: no confidence changes by more than a twentieth from one step to the next


def shared(confidences: Collection[float]) -> float:
    """The share at which the videos that it makes strangers are that share of all, from 0.05 to 0.5.

    `confidences` are those that half of the videos are strangers with. Maximum likelihood estimation of a class prior
    (Saerens, Latinne & Decaestecker 2002), with a pull towards a half.
    """
    odds = [min(max(c, 1e-12), 1.0 - 1e-12) for c in confidences]
    odds = [c / (1.0 - c) for c in odds]
    share = HALF
    for _ in range(ROUNDS):
        strange = math.fsum(1.0 / (1.0 + odd * (1.0 - share) / share) for odd in odds)
        share = min(HALF, max(LEAST, (strange + EXPECTED / 2) / (len(odds) + EXPECTED)))
    return share


def in_steps(share: float) -> float:
    """The share rounded up to a step, so that one more video seldom has all others judged once more."""
    steps = math.floor(math.log((1.0 - share) / share) / STEP + 1e-9)
    return 1.0 / (1.0 + math.exp(STEP * steps))


def at_a_half(confidence: float, share: float) -> float:
    """The confidence that a prediction made with this share would have had with half of the videos strangers."""
    surely = min(max(confidence, 1e-12), 1.0 - 1e-12)
    odds = surely / (1.0 - surely) * share / (1.0 - share)
    return odds / (1.0 + odds)
