"""More labels must not move less: the same libraries with 3, 5, 10 and 20 labels, each a part of the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np
from simulated import FOLDERS, Case, Embeddings, draw

STEPS = (3, 5, 10, 20)
CHANCE = 0.02  # what one step may take away


def moved_by_labels(data: Embeddings, draws: int, moved_right: Callable[[Case], float]) -> dict[int, float]:
    """The mean over all libraries of `moved_right`, the share of belonging videos moved to their folder, by labels.

    As many steps as the set has videos for, from 3 labels up; none where it is too small.
    """
    for most in range(len(STEPS), 1, -1):
        cases = [case for number in range(draws) if (case := draw(data, STEPS[most - 1], number)) is not None]
        if cases:
            return {
                labels: float(np.mean([moved_right(_part(case, labels)) for case in cases])) for labels in STEPS[:most]
            }
    return {}


def moves_less(name: str, moved: Mapping[int, float]) -> str | None:
    """One sentence where a step moves clearly less than the one before, or the last one less than the first."""
    steps = list(moved.items())
    compared = [(*pair, CHANCE) for pair in pairwise(steps)] + [
        (*pair, 0.0) for pair in zip(steps[:1], steps[-1:], strict=True)
    ]
    for (fewer, before), (more, after), allowed in compared:
        if before - after > allowed:
            return f"{name}: {more} labels move {100 * after:.1f} % right, {fewer} labels {100 * before:.1f} %"
    return None


def _part(case: Case, labels: int) -> Case:
    kept = np.concatenate([np.flatnonzero(case.labels == k)[:labels] for k in range(FOLDERS)])
    return Case(case.rows[kept], case.labels[kept], case.inbox, case.truth, None)
