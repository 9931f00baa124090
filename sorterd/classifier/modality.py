"""A feature vector is one or more modalities side by side: what is seen, what is said. An all-zero one is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Bools, Floats, Ints, unit


@dataclass(frozen=True, slots=True)
class ModalityRows:
    """One modality of many vectors: `rows` [n, d] at unit length, and which of them are present (not all zero) [n]."""

    rows: Floats
    present: Bools


Modalities = tuple[ModalityRows, ...]


def split_modalities(features: Floats, widths: tuple[int, ...]) -> Modalities:
    """Cut `features` [n, sum(widths)] into modalities, each L2-normalised on its own."""
    edges = np.cumsum(widths)[:-1]
    return tuple(
        ModalityRows(rows := unit(np.asarray(part, dtype=np.float64)), np.any(rows != 0.0, axis=1))
        for part in np.split(features, edges, axis=1)
    )


def take(modalities: Modalities, index: Bools | Ints) -> Modalities:
    """Return the same rows of every modality."""
    return tuple(ModalityRows(part.rows[index], part.present[index]) for part in modalities)
