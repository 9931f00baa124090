"""Which of many videos are alike enough for a folder of their own. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sorterd.features.settings import Modality
from sorterd.suggest.linkage import average_linkage
from sorterd.suggest.similarity import similarity_rows, usual
from sorterd.suggest.suggested import FEWEST

SPREADS = 3.75
"""How much more alike than usual the videos of a group are, in spreads of the similarities of all pairs. More finds
fewer groups, less finds mixed ones (benchmarks/suggest.py)."""


def groups(
    rows: NDArray[np.float32], modalities: Sequence[Modality], candidates: NDArray[np.bool_]
) -> list[tuple[int, ...]]:
    """Return groups of alike candidates, the largest first: their places in `rows`, the most typical first.

    `rows` [n, D] are vectors of a library: what is usual is learned from all of them. `candidates` [n] are those that
    may be in a group. Videos that show the same count once towards the size of a group. The same rows in the same order
    give the same groups.
    """
    from sorterd.classifier.duplicates import same_footage

    places = np.flatnonzero(candidates)
    similarity = similarity_rows(rows, modalities)
    middle, spread = usual(similarity)
    if spread <= 0.0 or len(places) < FEWEST:
        return []
    similarity = similarity[places]
    clusters = average_linkage(similarity, middle + SPREADS * spread)
    found = []
    for cluster in np.flatnonzero(np.bincount(clusters, minlength=1) >= FEWEST):
        members = np.flatnonzero(clusters == cluster)
        if len(set(same_footage(rows[places[members]], modalities))) >= FEWEST:
            typical = similarity[members] @ similarity[members].mean(axis=0)
            order = members[np.argsort(-typical, kind="stable")]
            found.append(tuple(int(place) for place in places[order]))
    return sorted(found, key=lambda group: (-len(group), group))
