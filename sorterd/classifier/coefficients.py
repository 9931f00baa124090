"""The coefficients of the confidence. Made by `tools/fit_confidence`: do not edit."""

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
# fgvc_vitb32.
COEFFICIENTS = Coefficients(
    intercept=-4.5,
    weights={
        "lead": 3.13,
        "shortfall": -11.25,
        "usual_similarity": 3.92,
        "spread": 4.89,
        "accuracy": 2.63,
    },
)
