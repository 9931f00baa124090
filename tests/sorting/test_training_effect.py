"""What a training changes for the videos that wait, as counts and as a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.activity import Activity, Note
from sorterd.sorting.training_effects import NO_CHANGE, Decisions, TrainingEffect, TrainingEffects, effect
from sorting.inbox import PREDICTOR, PredictedInbox

BEFORE = {"a": ("cats", False), "b": ("cats", True), "c": ("dogs", False)}
DECISIONS = st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.sampled_from(["cats", "dogs"]), st.booleans()))


def test_more_fewer_and_other_guesses_are_counted() -> None:
    now = {"a": ("cats", True), "b": ("cats", False), "c": ("cats", False)}
    assert effect(BEFORE, now, ()) == TrainingEffect(more=1, fewer=1, other=1)


def test_what_was_moved_since_could_be_moved() -> None:
    assert effect(BEFORE, {"c": ("cats", False)}, {"a", "b"}) == TrainingEffect(more=1, fewer=0, other=1)


def test_what_the_user_filed_or_deleted_and_what_came_since_do_not_count() -> None:
    assert effect(BEFORE, {"new": ("cats", True)}, ()) == TrainingEffect(0, 0, 0)


def test_two_trainings_before_all_is_predicted_again_are_told_as_one(inbox: PredictedInbox) -> None:
    told: list[Activity] = []
    effects = TrainingEffects(inbox.workspace.store, told.append)
    inbox.predictor("a.mp4", sure=False)
    effects.training_begins(PREDICTOR)
    inbox.predictor("a.mp4", predictor="model 2")
    effects.training_begins("model 2")
    effects.all_predicted("model 2", now=1.0)
    assert told == [Note("learned: 1 more video can be moved by itself")]


@given(DECISIONS, DECISIONS, st.sets(st.sampled_from("abcdef")))
def test_more_and_fewer_are_the_difference_of_what_can_be_moved(
    before: Decisions, now: Decisions, moved: set[str]
) -> None:
    now = {video: decided for video, decided in now.items() if video not in moved}
    found = effect(before, now, moved)
    still = {video for video in before if video in now or video in moved}
    could = sum(before[video][1] for video in still)
    can = sum(video in moved or now[video][1] for video in still)
    assert found.more - found.fewer == can - could
    assert found.more + found.fewer + found.other <= len(still)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((3, 1, 0), "3 more can be moved by themselves, 1 fewer can be"),
        ((1, 0, 0), "1 more video can be moved by itself"),
        ((0, 2, 0), "2 fewer can be moved"),
        ((0, 0, 1200), "the best guess is another for 1,200"),
        ((0, 0, 0), NO_CHANGE),
    ],
)
def test_the_sentence(counts: tuple[int, int, int], said: str) -> None:
    assert str(TrainingEffect(*counts)) == said
