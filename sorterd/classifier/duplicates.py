"""Near-duplicates by features: the same clip re-encoded, cropped, re-uploaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sorterd.classifier.arrays import Bools, Ints
from sorterd.classifier.modality import split_modalities
from sorterd.features.settings import Modality

# Cosine above which two vectors are taken for the same footage. Of photographs of one subject, 1 to 3 in 100 have a
# neighbour this close among thousands, and those do look alike.
SAME_FOOTAGE = 0.98
# Lengths of the same footage differ by this much at most: TikTok appends 3 to 4 s to a download, and films run 4 %
# faster on television.
SAME_SECONDS, SAME_SHARE = 4.0, 0.05
_CHUNK = 1024
_PAIRS = 65_536

Rows: TypeAlias = NDArray[np.float32]


def same_footage(rows: Rows, modalities: Sequence[Modality], lengths: ArrayLike | None = None) -> list[int]:
    """Return group ids [n]: videos that are near-duplicates in what is extracted from them share one, whatever is
    written about them. For `lengths` see `near_duplicates`.

    Extracted modalities stand first in a row. A row that has none of them is nobody's duplicate.
    """
    widths = tuple(modality.width for modality in modalities if not modality.tower)
    return near_duplicates(rows[:, : sum(widths)], widths, lengths)


def near_duplicates(
    features: ArrayLike, blocks: tuple[int, ...] | None = None, lengths: ArrayLike | None = None
) -> list[int]:
    """Group ids [n]: rows that are (transitively) near-duplicates share one; ids count up in order of appearance.

    Two rows are near-duplicates when every modality is missing in both, or present in both with a cosine of at least
    `SAME_FOOTAGE`. `features` is [n, D]; `blocks` are the widths of the modalities, None for one. `lengths` [n] are in
    seconds, NaN if not known: rows whose lengths clearly differ are no duplicates of each other.
    A row that is zero throughout is nobody's duplicate: nothing is known of it.
    """
    rows = np.asarray(features, dtype=np.float64)
    count = len(rows)
    if count == 0:
        return []
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    modalities = split_modalities(rows, blocks or (rows.shape[1],))
    unit_rows = [modality.rows.astype(np.float32) for modality in modalities]
    known = np.any([modality.present for modality in modalities], axis=0)
    (first, present), *others = [(vectors, part.present) for vectors, part in zip(unit_rows, modalities, strict=True)]
    pairs: list[Ints] = []
    for start in range(0, count, _CHUNK):
        # Each pair once, and the other modalities only of those that are alike in the first: few.
        same = first[start : start + _CHUNK] @ first[start:].T >= SAME_FOOTAGE
        same[~present[start : start + _CHUNK]] = ~present[start:] & known[start:]
        one, other = np.nonzero(same)
        one, other = one + start, other + start
        for vectors, there in others:
            kept = known[one] & (_alike(vectors, one, other) | ~(there[one] | there[other]))
            one, other = one[kept], other[kept]
        if lengths is not None:
            kept = ~_differ(np.asarray(lengths)[one], np.asarray(lengths)[other])
            one, other = one[kept], other[kept]
        pairs.append(np.stack([one, other]))
    one, other = np.concatenate(pairs, axis=1)
    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(count, count))
    _, component = connected_components(graph, directed=False)
    order: dict[int, int] = {}
    return [order.setdefault(int(c), len(order)) for c in component]


def _differ(one: NDArray[np.float64], other: NDArray[np.float64]) -> Bools:
    """Return which pairs of lengths are not of the same footage. Of a length that is not known none differs."""
    return np.asarray(np.abs(one - other) > np.maximum(SAME_SECONDS, SAME_SHARE * np.maximum(one, other)))


def _alike(vectors: Rows, one: Ints, other: Ints) -> Bools:
    """Return which pairs of rows are the same footage.

    Some are compared at a time, as there may be millions of the same black picture.
    """
    parts = (slice(start, start + _PAIRS) for start in range(0, len(one), _PAIRS))
    cosines = [np.einsum("nd,nd->n", vectors[one[part]], vectors[other[part]]) for part in parts]
    return np.asarray(np.concatenate([*cosines, np.zeros(0)]) >= SAME_FOOTAGE)
