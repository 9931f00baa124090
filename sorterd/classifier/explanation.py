"""Why the classifier predicts what it predicts, as values."""

from __future__ import annotations

from dataclasses import dataclass

from sorterd.prediction import Prediction


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A labelled row near the video: its index in the caller's order, its folder, and the cosine of the two vectors."""

    row: int
    folder: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Trait:
    """One of the numbers that the confidence is made of, and what it adds to the log-odds of being right."""

    name: str
    value: float
    adds: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one video was or was not moved.

    `modalities` has one entry per modality: (folder, share) best first, as if that were all there is, or an empty
    tuple where it is missing or counts for nothing. `names` is the same for the folder names.
    `none_probability` is the probability that the video belongs to no folder; `traits` are the numbers behind the
    confidence, which start from log-odds of `baseline`.
    """

    prediction: Prediction
    modalities: tuple[tuple[tuple[str, float], ...], ...]
    names: tuple[tuple[str, float], ...]
    neighbours: tuple[Neighbour, ...]
    none_probability: float
    baseline: float
    traits: tuple[Trait, ...]
