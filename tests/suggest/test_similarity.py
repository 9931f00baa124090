"""Rows whose inner products are similarities."""

import numpy as np

from sorterd.features.settings import Modality
from sorterd.suggest.similarity import DIMENSIONS, similarity_rows, usual


def test_inner_products_are_kept_when_rows_are_shortened_whichever_side_is_longer() -> None:
    chance = np.random.default_rng(0)
    for count, width in ((60, 300), (400, 300)):
        rows = (chance.normal(size=(count, 20)) @ chance.normal(size=(20, width)) + 1.0).astype(np.float32)
        found = similarity_rows(rows, [Modality("pictures", width)])
        assert found.shape[1] <= DIMENSIONS
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        unit -= unit.mean(axis=0)
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        wanted = unit @ unit.T / usual(unit)[1]
        assert np.allclose(found @ found.T, wanted, atol=0.02 * wanted.max())


def test_what_all_have_in_common_makes_nothing_alike() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 30)) + 5.0
    found = similarity_rows(rows.astype(np.float32), [Modality("pictures", 30)])
    middle, spread = usual(found)
    assert abs(middle) < spread


def test_a_modality_that_few_have_or_that_is_unknown_to_all_is_left_out() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 30)).astype(np.float32)
    speech = np.zeros((50, 4), np.float32)
    speech[:5] = 1.0
    modalities = [Modality("pictures", 30), Modality("speech", 4)]
    alone = similarity_rows(rows, modalities[:1])
    assert np.array_equal(similarity_rows(np.hstack([rows, speech]), modalities), alone)
    assert not similarity_rows(np.zeros((50, 34), np.float32), modalities).any()
