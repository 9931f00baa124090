"""Read public embeddings with labels, which stand in for videos."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Embeddings:
    """One data set: unit vectors [n, d], the class of each [n], and which of two sources it is from [n]."""

    name: str
    rows: NDArray[np.float64]
    classes: NDArray[np.int64]
    first: NDArray[np.bool_]


def load(path: Path) -> Embeddings:
    """Read a `.npz` with `X` [n, d], `y` [n] and, if it has two sources, `split` [n].

    Without `split`, rows are split at random.
    """
    with np.load(path, allow_pickle=False) as file:
        rows, classes = file["X"].astype(np.float64), file["y"].astype(np.int64)
        if "split" in file.files:
            first = file["split"] == np.unique(file["split"])[-1]
        else:
            first = np.random.default_rng(0).random(len(rows)) < 0.5
    return Embeddings(path.stem, rows / np.linalg.norm(rows, axis=1, keepdims=True), classes, first)
