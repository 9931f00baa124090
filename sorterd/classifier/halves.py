"""A feature vector is one or more halves side by side: what is seen, what is said. A zero half is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Bools, Floats, Ints, unit


@dataclass(frozen=True, slots=True)
class Half:
    """One half of many vectors: `rows` [n, d] at unit length, and which of them are present (not all zero) [n]."""

    rows: Floats
    present: Bools

    def take(self, index: Bools | Ints) -> Half:
        """The rows where `index` is true, or those with these numbers."""
        return Half(self.rows[index], self.present[index])


Halves = tuple[Half, ...]


def split_halves(features: Floats, widths: tuple[int, ...]) -> Halves:
    """Cut `features` [n, sum(widths)] into halves, each L2-normalised on its own."""
    edges = np.cumsum(widths)[:-1]
    return tuple(
        Half(rows := unit(np.asarray(part, dtype=np.float64)), np.any(rows != 0.0, axis=1))
        for part in np.split(features, edges, axis=1)
    )


def take(halves: Halves, index: Bools | Ints) -> Halves:
    """The same rows of every half."""
    return tuple(half.take(index) for half in halves)
