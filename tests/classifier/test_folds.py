import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sorterd.classifier.folds import ALWAYS_TRAINED_ON, assign_folds


@given(rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), max_size=40))
def test_groups_stay_together_and_every_category_can_always_be_trained_on(rows: list[tuple[int, int]]) -> None:
    categories = np.array([category for category, _ in rows], dtype=np.int64)
    groups = np.array([group for _, group in rows], dtype=np.int64)
    folds = assign_folds(categories, groups)
    for group in np.unique(groups):
        assert len(np.unique(folds[groups == group])) == 1
    for fold in set(folds.tolist()) - {ALWAYS_TRAINED_ON}:
        assert set(categories[folds != fold].tolist()) == set(categories.tolist())


def test_folds_are_even_within_each_category() -> None:
    categories = np.repeat(np.arange(3), [10, 5, 50])
    folds = assign_folds(categories, np.arange(65))
    for category, expected in ((0, 2), (1, 1), (2, 10)):
        assert np.bincount(folds[categories == category], minlength=5).tolist() == [expected] * 5
