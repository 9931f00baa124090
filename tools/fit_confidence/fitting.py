"""Fit the regression, and measure it on sets that it was not fitted on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from sorterd.classifier.coefficients import Coefficients
from sorterd.classifier.confidence import log_odds
from sorterd.strangers import shared
from tools.fit_confidence.measuring import KEPT, TRAITS, Bools, Floats, Measured

THRESHOLD = 0.85
# The weight of a fine-grained set: breeds and makes of cars are nobody's folders, but show what hard ones look like.
FINE_COUNTS = 0.1


def fit(measured: Sequence[Measured], fine: Collection[str]) -> Coefficients:
    """Fit all traits. Every shape of every set has the same weight, except that fine-grained sets have less."""
    found = np.concatenate([one.traits[:, : len(TRAITS)] for one in measured])
    right = np.concatenate([one.right for one in measured])
    weights = np.concatenate(
        [np.full(len(one.right), (FINE_COUNTS if one.set in fine else 1.0) / len(one.right)) for one in measured]
    )
    spread = found.std(axis=0)
    model = LogisticRegression(C=1e3, max_iter=1000)
    model.fit(found / spread, right, sample_weight=weights * len(weights) / weights.sum())
    fitted = {name: round(float(w), 2) for name, w in zip(TRAITS, model.coef_[0] / spread, strict=True)}
    return Coefficients(round(float(model.intercept_[0]), 2), fitted)


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one shape.

    `recall` is the share of belonging videos that are moved to their folder. `right` is the share of all moves that are
    right. `best` is the recall at the threshold that, in hindsight, is right in 95 % of its moves. `closed` are recall
    and right if no unknown video comes, with the share of unknown videos learned from the arrivals.
    """

    recall: float
    right: float
    best: float
    error: float
    closed_recall: float
    closed_right: float


def figures(one: Measured, coefficients: Coefficients) -> Figures:
    """Return the figures at the default threshold, over all libraries of one shape from one set."""
    found = dict(zip(KEPT, one.traits.T, strict=True))
    odds = log_odds(found, coefficients)
    sure = 1.0 / (1.0 + np.exp(-odds))
    closed = np.zeros(len(sure), dtype=bool)
    for number in np.unique(one.library):
        rows = one.belongs & (one.library == number)
        share = shared(sure[rows].tolist())
        closed[rows] = odds[rows] + np.log((1 - share) / share) >= np.log(THRESHOLD / (1 - THRESHOLD))
    moved = sure >= THRESHOLD
    return Figures(
        recall=float(one.right[moved].sum() / one.belongs.sum()),
        right=float(one.right[moved].mean()) if moved.any() else 1.0,
        best=_best(sure, one.right, one.belongs),
        error=calibration_error(sure, one.right),
        closed_recall=float(one.right[closed].sum() / one.belongs.sum()),
        closed_right=float(one.right[closed].mean()) if closed.any() else 1.0,
    )


def _best(sure: Floats, right: Bools, belongs: Bools) -> float:
    found = right[np.argsort(-sure)].cumsum()
    enough = np.flatnonzero(found / np.arange(1, len(found) + 1) >= 0.95)
    return float(found[enough[-1]] / belongs.sum()) if len(enough) else 0.0


def calibration_error(sure: Floats, right: Bools, bins: int = 10) -> float:
    """Return the expected calibration error over equally wide bins (Guo et al. 2017)."""
    place = np.minimum((sure * bins).astype(int), bins - 1)
    filled = [place == k for k in range(bins) if (place == k).any()]
    return float(sum(abs(sure[b].mean() - right[b].mean()) * b.mean() for b in filled))
