"""Estimate the share of unknown videos, which belong to no folder, from the confidences of predictions. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection

# The prior counts as so many videos, half of them unknown.
EXPECTED = 10.0
LEAST, HALF = 0.05, 0.5
# A folder with at least so many videos is calibrated by its own labels. The rule of succession caps smaller ones.
CALIBRATED_FROM = 5
ROUNDS = 100
STEP = 0.2  # in log-odds: from one step to the next no confidence changes by more than 0.05


def shared(confidences: Collection[float]) -> float:
    """Return the share of unknown videos, from 0.05 to 0.5, that agrees with the predictions that it leads to.

    `confidences` assume that half of the videos are unknown. This is the maximum likelihood estimate of a class prior
    (Saerens, Latinne & Decaestecker 2002), with a prior towards a half.
    """
    odds = [min(max(c, 1e-12), 1.0 - 1e-12) for c in confidences]
    odds = [c / (1.0 - c) for c in odds]
    share = HALF
    for _ in range(ROUNDS):
        strange = math.fsum(1.0 / (1.0 + odd * (1.0 - share) / share) for odd in odds)
        share = min(HALF, max(LEAST, (strange + EXPECTED / 2) / (len(odds) + EXPECTED)))
    return share


def in_steps(share: float) -> float:
    """Return the share rounded up to a step, so that a new video seldom makes all others be predicted again."""
    steps = math.floor(math.log((1.0 - share) / share) / STEP + 1e-9)
    return 1.0 / (1.0 + math.exp(STEP * steps))


def at_a_half(confidence: float, share: float) -> float:
    """Return the confidence of a prediction made with this share, as it would be if half of the videos were unknown."""
    surely = min(max(confidence, 1e-12), 1.0 - 1e-12)
    odds = surely / (1.0 - surely) * share / (1.0 - share)
    return odds / (1.0 + odds)
