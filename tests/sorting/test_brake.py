"""Whether the user takes back clearly more of our moves than their confidences promised."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.sorting.brake import LEAST, WINDOW, OwnMove, too_many_taken_back

MOVES = st.lists(st.builds(OwnMove, st.floats(0.0, 1.0), st.booleans()), max_size=2 * WINDOW)


def moves(taken_back: int, kept: int, confidence: float = 0.9) -> list[OwnMove]:
    return [OwnMove(confidence, True)] * taken_back + [OwnMove(confidence, False)] * kept


def test_the_reason_names_what_was_taken_back_and_what_was_promised() -> None:
    reason = "you took back 12 of the last 30 moves, where their confidence promised about 3"
    assert too_many_taken_back(moves(12, 18)) == reason


@pytest.mark.parametrize(
    ("taken_back", "kept", "stops"),
    [(0, 30, False), (3, 27, False), (6, 24, False), (10, 20, True), (3, 0, True), (2, 0, False), (1, 0, False)],
)
def test_it_stops_where_honest_confidences_would_rarely_lose_so_many(taken_back: int, kept: int, stops: bool) -> None:
    assert (too_many_taken_back(moves(taken_back, kept)) is not None) == stops


def test_what_lies_further_back_is_forgotten() -> None:
    assert too_many_taken_back([*moves(0, WINDOW), *moves(20, 0)]) is None


def test_moves_that_promised_little_may_be_wrong_more_often() -> None:
    assert too_many_taken_back(moves(12, 18, confidence=0.6)) is None
    assert too_many_taken_back(moves(12, 18, confidence=0.95)) is not None


@given(MOVES, st.data())
def test_one_more_move_taken_back_never_lets_it_go_on(history: list[OwnMove], data: st.DataObject) -> None:
    if too_many_taken_back(history) is None:
        return
    which = data.draw(st.integers(0, len(history) - 1))
    worse = [OwnMove(move.confidence, move.taken_back or n == which) for n, move in enumerate(history)]
    assert too_many_taken_back(worse) is not None


@given(MOVES)
def test_it_never_stops_for_fewer_than_a_few(history: list[OwnMove]) -> None:
    if sum(move.taken_back for move in history[:WINDOW]) < LEAST:
        assert too_many_taken_back(history) is None


def test_honest_confidences_are_hardly_ever_stopped() -> None:
    chance = random.Random(1)
    stopped = 0
    for _ in range(500):
        confidences = [chance.uniform(0.85, 1.0) for _ in range(WINDOW)]
        stopped += too_many_taken_back([OwnMove(c, chance.random() > c) for c in confidences]) is not None
    assert stopped <= 5
