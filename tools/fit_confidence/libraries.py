"""Simulate users: draw folders from a data set's classes, a few labels for each, and videos that come afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tools.fit_confidence.embeddings import Embeddings

ARRIVALS = 60  # that belong to a folder, and as many that do not
STRANGER = -1
MISSING = 0.16


@dataclass(frozen=True, slots=True)
class Shape:
    """The parameters of a library.

    It has `folders` with `labels` each (about so many if `unbalanced`), of so many `classes`. `noise` is the share of
    labels in a wrong folder. `draws` is how many libraries are drawn by default.
    """

    name: str
    folders: int
    labels: int
    draws: int = 24
    classes: int = 1
    unbalanced: bool = False
    noise: float = 0.0


SHAPES = (
    Shape("8 x 10", 8, 10, draws=40),
    Shape("8 x 5", 8, 5, draws=32),
    Shape("8 x 20", 8, 20, draws=32),
    Shape("4 x 10", 4, 10),
    Shape("2 x 10", 2, 10),
    Shape("16 x 10", 16, 10, draws=12),
    Shape("40 x 10", 40, 10, draws=3),
    Shape("8 unbalanced", 8, 8, unbalanced=True),
    Shape("8 x 10, a tenth wrong", 8, 10, noise=0.1),
    Shape("6 x 10 of 2 classes", 6, 10, classes=2),
    Shape("8 x 20 of 3 classes", 8, 20, classes=3),
)


@dataclass(frozen=True, slots=True)
class Library:
    """Labelled rows [n, d] with their folders [n], and arriving rows [m, d] with theirs [m], -1 for unknown ones.

    `widths` are the widths of their modalities.
    """

    rows: NDArray[np.float64]
    labels: NDArray[np.int64]
    arrivals: NDArray[np.float64]
    truth: NDArray[np.int64]
    widths: tuple[int, ...]


def draw(data: Embeddings, shape: Shape, number: int) -> Library | None:
    """Return library `number` of this shape, with labels and arrivals from different sources.

    Return None if the set is too small.
    """
    rng = np.random.default_rng((number, *shape.name.encode()))
    source = data.first if rng.random() < 0.7 else ~data.first
    labels = np.full(shape.folders, shape.labels)
    if shape.unbalanced:
        labels = np.maximum(2, np.round(shape.labels * np.exp(rng.normal(0, 0.9, shape.folders)))).astype(int)
    count = data.classes.max() + 1
    filed, waiting = (np.bincount(data.classes[where], minlength=count) for where in (source, ~source))
    fewest = 2 if shape.unbalanced else -(-shape.labels // shape.classes)
    possible = np.flatnonzero((filed >= fewest) & (waiting >= 4))
    needed = shape.folders * shape.classes
    if len(possible) < needed or len(np.unique(data.classes)) < needed + max(4, shape.folders // 2):
        return None
    folder_of = np.full(count, STRANGER)
    folder_of[rng.choice(possible, needed, replace=False)] = np.repeat(np.arange(shape.folders), shape.classes)
    folder = folder_of[data.classes]

    def some(where: NDArray[np.bool_], most: int) -> NDArray[np.int64]:
        return rng.permutation(np.flatnonzero(where))[:most]

    kept = [some(source & (folder == k), most) for k, most in enumerate(labels)]
    folders = np.repeat(np.arange(shape.folders), [len(rows) for rows in kept])
    wrong = rng.random(len(folders)) < shape.noise
    folders = np.where(wrong, (folders + rng.integers(1, shape.folders, len(folders))) % shape.folders, folders)
    members = some(~source & (folder != STRANGER), ARRIVALS)
    arrivals = np.concatenate([members, some(~source & (folder == STRANGER), len(members))])
    rows = data.rows[np.concatenate(kept)]
    return Library(rows, folders, data.rows[arrivals], folder[arrivals], (rows.shape[1],))


def beside(library: Library, other: Embeddings, number: int) -> Library | None:
    """Return the library with one more modality, from another set, that a share of MISSING of its videos lack.

    Each folder gets a class of that set, and unknown videos get the remaining ones. Labels and arrivals are from
    different sources. Return None if the set has too few classes.
    """
    rng = np.random.default_rng((number, *other.name.encode()))
    here, there = (rng.permutation(np.unique(other.classes[where])) for where in (other.first, ~other.first))
    classes = here[np.isin(here, there)]
    folders = library.labels.max() + 1
    if len(classes) < folders + 4:
        return None

    def some(truth: NDArray[np.int64], where: NDArray[np.bool_]) -> NDArray[np.float64]:
        of = np.where(truth == STRANGER, classes[rng.integers(folders, len(classes), len(truth))], classes[truth])
        rows = np.array([other.rows[rng.choice(np.flatnonzero(where & (other.classes == one)))] for one in of])
        return np.where(rng.random((len(rows), 1)) < MISSING, 0.0, rows)

    return replace(
        library,
        rows=np.hstack([library.rows, some(library.labels, other.first)]),
        arrivals=np.hstack([library.arrivals, some(library.truth, ~other.first)]),
        widths=(*library.widths, other.rows.shape[1]),
    )
