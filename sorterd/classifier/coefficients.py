"""The coefficients of the confidence, per kind of feature space. Made by `tools/fit_confidence`: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coefficients:
    """`intercept` and the `weights` of traits, in log-odds."""

    intercept: float
    weights: Mapping[str, float]


# Fitted 2026-11-26 by `python -m tools.fit_confidence` on libraries drawn from caltech101_vitb32, sun397_vitb32,
# dtd_vitb32, food101_16shot_vitb32, oxford_pets_vitb32, oxford_flowers_vitb32, stanford_cars_16shot_vitb32,
# fgvc_vitb32; with 566 of the shipped words.
WITHOUT_WORDS = Coefficients(
    intercept=-4.5,
    weights={
        "lead": 3.13,
        "shortfall": -11.25,
        "usual_similarity": 3.92,
        "spread": 4.89,
        "accuracy": 2.63,
    },
)
WITH_WORDS = Coefficients(
    intercept=-4.34,
    weights={
        "lead": 2.77,
        "shortfall": -8.86,
        "usual_similarity": 3.63,
        "spread": 5.14,
        "accuracy": 2.5,
        "words_lead": 1.36,
        "words_shortfall": -2.79,
    },
)
