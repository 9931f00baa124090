"""What becomes of one video: what the user said first, then what the model predicts."""

from dataclasses import replace

import pytest

from sorterd.prediction import Prediction
from sorterd.sorting.vetoes import Decision, UserFeedback, decide

SURE = Prediction("cats", 0.95, (("cats", 0.95),), True, "looks like the videos in cats")
FOLDERS = ["cats", "dogs"]


@pytest.mark.parametrize("said", [UserFeedback(), UserFeedback(rejected={"dogs"})])
def test_a_sure_prediction_is_a_move_where_the_user_said_nothing_of_that_folder(
    said: UserFeedback,
) -> None:
    assert decide(SURE, said, FOLDERS) == Decision("move", "cats", "looks like the videos in cats")


def test_an_unsure_prediction_leaves_it_in_the_inbox_with_the_models_reason() -> None:
    unsure = replace(SURE, move=False, reason="nearly as much like dogs")
    assert decide(unsure, UserFeedback(), FOLDERS) == Decision("inbox", "cats", "nearly as much like dogs")


@pytest.mark.parametrize(
    ("said", "folders", "reason"),
    [
        (
            UserFeedback(filed_at="dogs/b.mp4"),
            FOLDERS,
            "the same video is already filed as dogs/b.mp4: delete this copy, or drag it",
        ),
        (
            UserFeedback(held=True),
            FOLDERS,
            "you undid a move of this video, so it waits for you: drag it into a folder, or",
        ),
        (
            UserFeedback(rejected={"cats"}),
            FOLDERS,
            "you said that it does not belong in cats; to take that back, drag it there",
        ),
        (UserFeedback(), ["dogs"], "the folder cats is gone; it is judged again without it, or make it again"),
    ],
)
def test_the_users_word_outweighs_any_confidence(said: UserFeedback, folders: list[str], reason: str) -> None:
    decision = decide(SURE, said, folders)
    assert decision.action == "inbox"
    assert reason in decision.reason


def test_a_folder_that_nothing_is_to_be_moved_into_is_only_suggested() -> None:
    decision = decide(SURE, UserFeedback(), FOLDERS, never_into=["cats"])
    assert (decision.action, decision.folder) == ("inbox", "cats")
    assert (
        decision.reason
        == "looks like the videos in cats, but the config says never to move into cats (move.never_into)"
    )
    assert decide(SURE, UserFeedback(), FOLDERS, never_into=["dogs"]).action == "move"
