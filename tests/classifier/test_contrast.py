from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classifier.made_up import world
from sorterd.classifier.contrast import fit_contrast

Floats = NDArray[np.float64]


def heap() -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Rows of subjects 0 to 2 as members, and a heap of 20 more of each followed by 20 of subjects 3 to 6 each."""
    made = world(subjects=7, spread=1.5)
    members = np.concatenate([made.videos(k, 8, 1) for k in range(3)]).astype(np.float64)
    waiting = np.concatenate([made.videos(k, 20, 2) for k in range(7)]).astype(np.float64)
    return members, waiting, np.repeat(np.arange(3), 8)


def test_strangers_are_told_from_members_by_what_is_plainly_strange_in_the_inbox() -> None:
    members, waiting, categories = heap()
    strangeness = np.repeat([0.1, 0.5], [60, 80])
    strangeness[60:80] = 0.9
    contrast = fit_contrast(members, categories, 3, waiting, strangeness)
    assert contrast is not None
    made = world(subjects=7, spread=1.5)
    belongs = contrast.log_odds(np.concatenate([made.videos(k, 30, 3) for k in range(3)]))
    strange = contrast.log_odds(np.concatenate([made.videos(k, 30, 3) for k in range(3, 7)]))
    assert np.mean(belongs[:, None] > strange[None, :]) > 0.95


def test_without_enough_strangers_there_is_nothing_to_contrast_with() -> None:
    members, waiting, categories = heap()
    assert fit_contrast(members, categories, 3, waiting, np.full(len(waiting), 0.01)) is None
    assert fit_contrast(members[:0], categories[:0], 3, waiting, np.ones(len(waiting))) is None


def test_a_category_that_was_left_out_never_wins() -> None:
    members, waiting, categories = heap()
    kept = categories != 1
    contrast = fit_contrast(members[kept], categories[kept], 3, waiting, np.full(len(waiting), 0.5))
    assert contrast is not None
    assert contrast.offsets[1] == -np.inf
    assert np.isfinite(contrast.log_odds(members)).all()


def test_one_category_alone_is_told_from_the_inbox_too() -> None:
    members, waiting, categories = heap()
    contrast = fit_contrast(members[categories == 0], categories[categories == 0], 1, waiting, np.ones(len(waiting)))
    assert contrast is not None
    assert contrast.log_odds(members[categories == 0]).min() > contrast.log_odds(members[categories == 2]).max()
