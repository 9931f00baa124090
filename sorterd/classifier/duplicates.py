"""Near-duplicates by features: the same clip re-encoded, cropped, re-uploaded."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sorterd.classifier.modality import split_modalities

# Cosine above which two vectors are taken for the same footage. Of photographs of one subject, 1 to 3 in 100 have a
# neighbour this close among thousands, and those do look alike.
SAME_FOOTAGE = 0.98
_CHUNK = 1024


def near_duplicates(features: ArrayLike, blocks: tuple[int, ...] | None = None) -> list[int]:
    """Group ids [n]: rows that are (transitively) near-duplicates share one; ids count up in order of appearance.

    Two rows are near-duplicates when every modality is missing in both, or present in both with a cosine of at least
    `SAME_FOOTAGE`. `features` is [n, D]; `blocks` are the widths of the modalities, None for one.
    A row that is zero throughout is nobody's duplicate: nothing is known of it.
    """
    rows = np.asarray(features, dtype=np.float64)
    count = len(rows)
    if count == 0:
        return []
    modalities = split_modalities(rows, blocks or (rows.shape[1],))
    unit_rows = [modality.rows.astype(np.float32) for modality in modalities]
    pairs: list[np.ndarray[tuple[int, int], np.dtype[np.int64]]] = []
    for start in range(0, count, _CHUNK):
        part = slice(start, start + _CHUNK)
        same = np.zeros((len(rows[part]), count), dtype=bool)
        same |= np.any([modality.present[part] for modality in modalities], axis=0)[:, None]
        for modality, vectors in zip(modalities, unit_rows, strict=True):
            both_missing = ~modality.present[part, None] & ~modality.present[None, :]
            same &= (vectors[part] @ vectors.T >= SAME_FOOTAGE) | both_missing
        first, second = np.nonzero(same)
        pairs.append(np.stack([first + start, second]))
    first, second = np.concatenate(pairs, axis=1)
    graph = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(count, count))
    _, component = connected_components(graph, directed=False)
    order: dict[int, int] = {}
    return [order.setdefault(int(c), len(order)) for c in component]
