"""Rows whose inner products say how alike videos are, over all modalities. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sorterd.features.settings import Modality

Rows = NDArray[np.float32]

WEIGHTS: Mapping[str, float] = MappingProxyType({"pictures": 1.0, "speech": 0.25})
WORDED = 0.35
"""How much a modality counts, and any that is made of words beside the video. With more, captions that tell nothing
hide groups; with less, those that tell something find fewer (benchmarks/suggest.py)."""

DIMENSIONS = 128
"""Numbers that are kept of a row: with 64 more groups are mixed, with all 512 the result is the same and takes four
times as long (benchmarks/suggest.py)."""

FEWEST = 10
"""A modality that fewer videos have says nothing about what is usual."""

_SAMPLE = 2000  # rows of which all pairs are looked at
_DEVIATION = 0.1587  # of a normal distribution this share lies more than one standard deviation below the mean


def similarity_rows(rows: Rows, modalities: Sequence[Modality]) -> Rows:
    """Return rows [n, at most 128] whose inner products are similarities, of vectors [n, D] as they are stored.

    What all videos have in common is taken out of each modality, because the vectors of one model all point one way. A
    missing modality is then the same as a usual one. Modalities are put on one scale by the spread of their cosines.
    """
    parts = []
    start = 0
    for modality in modalities:
        part = rows[:, start : start + modality.width]
        start += modality.width
        there = np.any(part != 0.0, axis=1)
        weight = WORDED if modality.tower else WEIGHTS.get(modality.name, 1.0)
        if there.sum() < FEWEST or not weight:
            continue
        own = _unit(part[there])
        own -= own.mean(axis=0)
        own = _unit(own)
        spread = usual(own)[1]
        if spread > 0.0:
            own = _reduced(own * np.float32(np.sqrt(weight / spread)))
            whole = np.zeros((len(rows), own.shape[1]), np.float32)
            whole[there] = own
            parts.append(whole)
    return _reduced(np.hstack(parts)) if parts else np.zeros((len(rows), 1), np.float32)


def usual(rows: Rows) -> tuple[float, float]:
    """Return the median of the similarities of all pairs, and their spread.

    The spread is that of the lower half, like a standard deviation: the upper half has the groups that are looked for.
    """
    some = rows[:: max(1, -(-len(rows) // _SAMPLE))]
    pairs = (some @ some.T)[np.triu_indices(len(some), 1)]
    if not len(pairs):
        return 0.0, 0.0
    middle, low = np.quantile(pairs, (0.5, _DEVIATION))
    return float(middle), float(middle - low)


def _reduced(rows: Rows) -> Rows:
    """Return the principal components [n, at most 128]: their inner products are nearly those of the rows."""
    count, width = rows.shape
    if width <= DIMENSIONS:
        return rows
    if count < width:  # the smaller of the two matrices of inner products has the same eigenvalues
        values, vectors = np.linalg.eigh((rows @ rows.T).astype(np.float64))
        found = vectors[:, -DIMENSIONS:] * np.sqrt(np.maximum(values[-DIMENSIONS:], 0.0))
    else:
        _, directions = np.linalg.eigh((rows.T @ rows).astype(np.float64))
        found = rows @ directions[:, -DIMENSIONS:]
    return np.asarray(found, dtype=np.float32)


def _unit(rows: Rows) -> Rows:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0))
