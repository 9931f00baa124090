from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sorterd.classifier.recalibration import recalibrate
from sorterd.classifier.strangers import Strangers

Floats = NDArray[np.float64]

# Fitted to strangers at about 0: even odds at 0.5.
FITTED = Strangers(slope=np.array([10.0]), offset=-5.0, share=0.5, twins=0.05, usual=5.0, members=80)


def around(middle: float, count: int, seed: int) -> Floats:
    return np.random.default_rng(seed).normal(middle, 0.15, (count, 1))


MEMBERS = around(1.0, 80, 0)


def test_strangers_that_are_closer_than_expected_are_doubted_more() -> None:
    close = around(0.6, 100, 1)
    found = recalibrate(FITTED, MEMBERS, np.concatenate([close, around(1.0, 100, 2)]))
    assert found.belonging(close).mean() < 0.7 * FITTED.belonging(close).mean()
    assert found.belonging(MEMBERS).mean() > 0.7


def test_an_inbox_of_members_is_not_doubted() -> None:
    inbox = around(1.0, 200, 1)
    assert recalibrate(FITTED, MEMBERS, inbox).belonging(inbox).mean() > FITTED.belonging(inbox).mean() - 0.03


@pytest.mark.parametrize("inbox", [around(0.6, 0, 1), around(0.6, 1, 1)], ids=["none", "one"])
def test_a_small_inbox_changes_next_to_nothing(inbox: Floats) -> None:
    said = recalibrate(FITTED, MEMBERS, inbox).belonging(MEMBERS)
    assert said == pytest.approx(FITTED.belonging(MEMBERS), abs=0.05)


@given(st.floats(-50, 50), st.floats(0.001, 0.999), st.integers(1, 300))
def test_whatever_waits_more_likeness_never_speaks_against_belonging(middle: float, share: float, count: int) -> None:
    strangers = replace(FITTED, share=share)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = recalibrate(strangers, MEMBERS, around(middle, count, 3))
        said = found.belonging(np.linspace(-2.0, 2.0, 40)[:, None])
    assert np.all((said >= 0) & (said <= 1))
    assert np.all(np.diff(said) >= 0)
