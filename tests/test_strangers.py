"""The share of videos that belong to no folder."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.strangers import HALF, LEAST, STEP, at_a_half, in_steps, shared

CONFIDENCES = st.lists(st.floats(0.0, 1.0), max_size=60)


def shifted(confidence: float, share: float) -> float:
    """As the classifier shifts all log-odds by the share."""
    odds = confidence / (1.0 - confidence) * (1.0 - share) / share
    return odds / (1.0 + odds)


def test_where_nothing_is_known_it_is_a_half() -> None:
    assert shared([]) == HALF


def test_where_all_is_sure_it_is_small_and_where_nothing_is_it_is_a_half() -> None:
    assert shared([0.99] * 200) == pytest.approx(LEAST)
    assert shared([0.01] * 200) == HALF


@given(CONFIDENCES, st.randoms())
def test_it_depends_on_the_set_and_on_no_order(confidences: list[float], chance: random.Random) -> None:
    mixed = list(confidences)
    chance.shuffle(mixed)
    assert shared(mixed) == shared(confidences)


@given(st.floats(LEAST, HALF))
def test_a_step_is_never_below_the_share_and_steps_are_steps(share: float) -> None:
    step = in_steps(share)
    assert share - 1e-9 <= step <= HALF
    assert in_steps(step) == pytest.approx(step)
    assert math.log((1 - share) / share) - math.log((1 - step) / step) < STEP + 1e-6


@given(st.floats(0.001, 0.999), st.floats(LEAST, HALF))
def test_what_a_share_did_to_a_confidence_can_be_taken_back(confidence: float, share: float) -> None:
    assert at_a_half(shifted(confidence, share), share) == pytest.approx(confidence, abs=1e-6)


@given(st.floats(0.0, 1.0), st.integers(0, 14))
def test_one_step_changes_no_confidence_by_more_than_a_twentieth(confidence: float, number: int) -> None:
    here, next_ = (1 / (1 + math.exp(STEP * n)) for n in (number, number + 1))
    assert abs(shifted(min(confidence, 0.999999), here) - shifted(min(confidence, 0.999999), next_)) <= 0.05
