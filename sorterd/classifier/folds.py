"""Which rows are held out together. Near-duplicates never stand on both sides of a fold."""

from __future__ import annotations

import numpy as np

from sorterd.classifier.arrays import Ints

FOLDS = 5
ALWAYS_TRAINED_ON = -1


def assign_folds(categories: Ints, groups: Ints, folds: int = FOLDS) -> Ints:
    """Return the fold of each row [n], stratified by category; -1 for rows that must always be trained on.

    Each group goes, largest first, to the fold that has fewest of its categories so far; among equals the order of the
    rows decides. A group whose removal would leave one of its categories without any row is never held out: the model
    could not be scored on it.
    """
    fold_of = np.full(len(categories), ALWAYS_TRAINED_ON, dtype=np.int64)
    taken = np.zeros((folds, int(categories.max(initial=-1)) + 1), dtype=np.int64)
    ids, first, sizes = np.unique(groups, return_index=True, return_counts=True)
    for index in np.lexsort((first, -sizes)):
        rows = groups == ids[index] if sizes[index] > 1 else np.array([first[index]])
        crowd = taken[:, np.unique(categories[rows])].sum(axis=1)
        total = taken.sum(axis=1)
        fold = int(np.lexsort((total, crowd))[0])
        fold_of[rows] = fold
        np.add.at(taken[fold], categories[rows], 1)
    for category in range(taken.shape[1]):
        used = np.unique(fold_of[categories == category])
        if len(used) == 1 and used[0] != ALWAYS_TRAINED_ON:
            alone = np.isin(groups, groups[categories == category])
            fold_of[alone] = ALWAYS_TRAINED_ON
    return fold_of
