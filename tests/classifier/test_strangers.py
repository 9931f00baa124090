from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from sorterd.classifier.strangers import Evidence, fit_strangers

Floats = NDArray[np.float64]


def likeness(best: float, count: int, seed: int, folders: int = 5) -> Floats:
    """Traits of rows whose best folder is about `best` alike, the others about 0: best, and gap to the second."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(0.0, 0.1, (count, folders))
    rows[np.arange(count), rng.integers(0, folders, count)] = rng.normal(best, 0.12, count)
    first = -np.sort(-rows, axis=1)[:, :2]
    return np.stack([first[:, 0], first[:, 0] - first[:, 1]], axis=1)


def evidence(inbox: Floats, *, members: int = 50, returned: int = 0) -> Evidence:
    return Evidence(
        members=likeness(0.6, members, 1),
        strangers=likeness(0.2, members, 2),
        returned=likeness(0.55, returned, 3),
        inbox=inbox,
        categories=5,
    )


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_the_share_of_strangers_is_read_off_the_inbox(share: float) -> None:
    strangers = round(200 * share)
    inbox = np.concatenate([likeness(0.2, strangers, 4), likeness(0.6, 200 - strangers, 5)])
    assert fit_strangers(evidence(inbox)).share == pytest.approx(share, abs=0.1)


def test_strangers_that_look_unlike_those_of_the_library_are_counted_all_the_same() -> None:
    inbox = np.concatenate([likeness(0.42, 100, 4), likeness(0.6, 100, 5)])
    assert fit_strangers(evidence(inbox)).share > 0.2


def test_an_inbox_of_a_few_videos_hardly_moves_the_expectation() -> None:
    unknown = fit_strangers(evidence(likeness(0.6, 0, 4))).share
    assert fit_strangers(evidence(likeness(0.6, 1, 4))).share == pytest.approx(unknown, abs=0.05)


def test_the_more_alike_the_likelier_it_belongs() -> None:
    fitted = fit_strangers(evidence(likeness(0.6, 20, 4)))
    best = np.linspace(0.0, 1.0, 50)
    belonging = fitted.belonging(np.stack([best, best], axis=1))
    assert (np.diff(belonging) >= 0).all()
    assert belonging[-1] > 0.9 > 0.5 > fitted.belonging(np.array([[0.1, 0.0]]))[0]


def test_with_fewer_folders_the_same_videos_prove_less() -> None:
    def slope(folders: int) -> float:
        seen = Evidence(
            likeness(0.6, 40, 1, folders),
            likeness(0.2, 40, 2, folders),
            likeness(0.6, 0, 3, folders),
            likeness(0.6, 0, 4, folders),
            folders,
        )
        return float(fit_strangers(seen).slope.sum())

    assert slope(3) < slope(8)


def test_the_best_likeness_is_no_proof_while_half_of_the_inbox_is_strange() -> None:
    def surest(folders: int, share: float) -> float:
        inbox = np.concatenate([likeness(0.2, int(200 * share), 4), likeness(0.6, 200 - int(200 * share), 5)])
        seen = replace(evidence(inbox), categories=folders)
        return float(fit_strangers(seen).belonging(np.array([[1.0, 1.0]]))[0])

    assert 0.85 < surest(3, 0.5) < surest(8, 0.5) < 0.97
    assert surest(8, 0.0) > 0.99


def test_returned_videos_count_as_strangers() -> None:
    inbox = likeness(0.6, 50, 4)
    like_them = likeness(0.55, 50, 6)
    without = fit_strangers(evidence(inbox)).belonging(like_them).mean()
    assert fit_strangers(evidence(inbox, returned=40)).belonging(like_them).mean() < without


def test_too_little_evidence_leaves_it_open() -> None:
    fitted = fit_strangers(evidence(likeness(0.6, 5, 4), members=3))
    assert fitted.belonging(likeness(0.9, 3, 5)).tolist() == [0.5, 0.5, 0.5]
