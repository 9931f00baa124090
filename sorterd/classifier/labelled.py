"""What the classifier learns from, checked and brought into an order of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sorterd.classifier.arrays import Floats, Ints, TrainingDataError, unit
from sorterd.classifier.duplicates import near_duplicates
from sorterd.classifier.modality import Modalities, split_modalities
from sorterd.classifier.names import CategoryVectors, by_modality
from sorterd.classifier.repeated_texts import without_repeated_texts


@dataclass(frozen=True, slots=True)
class Labelled:
    """A checked library.

    Rows are sorted by category and content, so that the order in which they came changes nothing; `order` [n] is where
    each came from. `folders` are all category names: first the `count` that have rows, then those that have only a
    name vector. `names` are unit name vectors, one matrix [folders, d] per modality, zero where there is none;
    `rejected` are videos that were taken out of folders.
    """

    widths: tuple[int, ...]
    modalities: Modalities
    categories: Ints
    groups: Ints
    order: Ints
    folders: tuple[str, ...]
    count: int
    names: tuple[Floats, ...]
    rejected: Modalities


def check_library(
    features: ArrayLike,
    labels: Sequence[str],
    *,
    blocks: Sequence[int] | None,
    groups: Sequence[int] | None,
    category_vectors: CategoryVectors | None,
    negatives: ArrayLike | None,
    captions: Collection[int],
) -> Labelled:
    """Sort and check. Raise `TrainingDataError` where the parts do not fit together or hold NaN or infinity."""
    rows = checked_rows("features", features)
    widths = tuple(int(w) for w in blocks) if blocks is not None else (rows.shape[1],)
    if min(widths, default=0) < 1 or sum(widths) != rows.shape[1]:
        raise TrainingDataError(f"blocks {widths} must be positive and sum to the {rows.shape[1]} columns of features")
    if len(labels) != len(rows):
        raise TrainingDataError(f"{len(rows)} rows of features but {len(labels)} labels")
    if groups is not None and len(groups) != len(rows):
        raise TrainingDataError(f"{len(rows)} rows of features but {len(groups)} groups")
    labels = [str(label) for label in labels]
    if "" in labels:
        raise TrainingDataError("a label is empty: every row needs a category")

    order = np.array(sorted(range(len(rows)), key=lambda i: (labels[i], rows[i].tobytes())), dtype=np.int64)
    rows = rows[order]
    filed = sorted(set(labels))
    vectors = by_modality(category_vectors, widths)
    folders = (*filed, *sorted({name for one in vectors for name in one} - set(filed)))
    ids = near_duplicates(rows, widths) if groups is None else [groups[i] for i in order]
    categories = np.array([filed.index(labels[i]) for i in order], dtype=np.int64)
    modalities = split_modalities(rows, widths)
    return Labelled(
        widths=widths,
        modalities=tuple(
            without_repeated_texts(part, categories) if place in captions else part
            for place, part in enumerate(modalities)
        ),
        categories=categories,
        groups=np.unique(ids, return_inverse=True)[1],
        order=order,
        folders=folders,
        count=len(filed),
        names=tuple(
            unit(np.array([one.get(folder, np.zeros(width)) for folder in folders]).reshape(-1, width))
            for one, width in zip(vectors, widths, strict=True)
        ),
        rejected=split_modalities(_rejected(negatives, rows.shape[1]), widths),
    )


def checked_rows(what: str, rows: ArrayLike, width: int | None = None) -> Floats:
    """`rows` as a finite float matrix [n, width], or raise `TrainingDataError` naming `what`."""
    matrix = np.asarray(rows, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[1] == 0:
        raise TrainingDataError(f"{what} must be a matrix [rows, columns], got shape {matrix.shape}")
    if width is not None and matrix.shape[1] != width:
        raise TrainingDataError(f"{what} has {matrix.shape[1]} columns, expected {width}")
    bad = np.flatnonzero(~np.isfinite(matrix).all(axis=1))
    if len(bad):
        raise TrainingDataError(f"{what} holds NaN or infinity in {len(bad)} rows, the first is row {bad[0]}")
    return matrix


def _rejected(rows: ArrayLike | None, width: int) -> Floats:
    if rows is None or len(np.asarray(rows)) == 0:
        return np.zeros((0, width))
    matrix = checked_rows("negatives", rows, width)
    return matrix[sorted(range(len(matrix)), key=lambda i: matrix[i].tobytes())]
