"""The coefficients of the confidence, per kind of feature space. Made by `tools/fit_confidence.py`: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coefficients:
    """`intercept` and the `weights` of traits, in log-odds."""

    intercept: float
    weights: Mapping[str, float]


WITHOUT_WORDS = Coefficients(
    intercept=-4.79,
    weights={"lead": 3.62, "shortfall": -10.98, "usual_similarity": 3.11, "spread": 5.54, "accuracy": 3.15},
)
WITH_WORDS = Coefficients(
    intercept=-4.18,
    weights={
        "lead": 2.83,
        "shortfall": -8.35,
        "usual_similarity": 2.61,
        "spread": 4.24,
        "accuracy": 2.79,
        "words_lead": 2.65,
        "words_shortfall": -2.68,
    },
)
