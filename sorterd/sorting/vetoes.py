"""Decide whether to move one video, from its prediction and from what the user has done with it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sorterd.prediction import Prediction


@dataclass(frozen=True, slots=True)
class Decision:
    """Move the video into `folder`, or leave it in the inbox. `reason` is one sentence for the user."""

    action: Literal["move", "inbox"]
    folder: str
    reason: str


@dataclass(frozen=True, slots=True)
class UserFeedback:
    """What the user has done with a video.

    `filed_at` is where else its content is filed. `rejected` are the categories that the user took it out of. `held`:
    the user undid a move of it.
    """

    filed_at: str | None = None
    rejected: Collection[str] = ()
    held: bool = False


def decide(
    prediction: Prediction, feedback: UserFeedback, categories: Collection[str], never_into: Collection[str] = ()
) -> Decision:
    """Return the decision. The user's feedback overrides the prediction. No video is moved into `never_into`."""

    def stay(reason: str) -> Decision:
        return Decision("inbox", prediction.folder, reason)

    if feedback.filed_at is not None:
        return stay(
            f"the same video is already filed as {feedback.filed_at}: delete this copy, or drag it where you want it"
        )
    if feedback.held:
        return stay("you undid a move of this video, so it waits for you: drag it into a folder, or use 'sorterd file'")
    if prediction.folder in feedback.rejected:
        return stay(
            f"you said that it does not belong in {prediction.folder}; "
            "to take that back, drag it there, or use 'sorterd file'"
        )
    if prediction.folder not in categories:
        return stay(f"the folder {prediction.folder} is gone; it is judged again without it, or make it again")
    if not prediction.move:
        return stay(prediction.reason)
    if prediction.folder in never_into:
        return stay(
            f"{prediction.reason}, but the config says never to move into {prediction.folder} (move.never_into)"
        )
    return Decision("move", prediction.folder, prediction.reason)
