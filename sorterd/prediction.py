"""The prediction for one video, which goes from the classifier to the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best folder for one video.

    `folder` is "" if there is none to choose from. `confidence` is the calibrated probability that `folder` is right,
    where the video may also belong to none of the folders. `top` is (folder, confidence), best first. The confidences
    of all folders sum to 1 minus the probability of "none". `move`: it may be filed without asking. `reason` is one
    short sentence for the user.
    """

    folder: str
    confidence: float
    top: tuple[tuple[str, float], ...]
    move: bool
    reason: str


def margin(top: Sequence[tuple[str, float]]) -> float:
    """Return how far the best folder is ahead of the next. If that is little, a label teaches most.

    This is margin sampling (Scheffer et al. 2001).
    """
    shares = [share for _, share in top] + [0.0, 0.0]
    return shares[0] - shares[1]


@dataclass(frozen=True, slots=True)
class HeldOutPrediction:
    """What was said of one labelled video by a model that had not been trained on it."""

    label: str
    predicted: str
    confidence: float
    move: bool

    @property
    def right(self) -> bool:
        """The prediction is the label."""
        return self.predicted == self.label


def as_json(video: str, prediction: Prediction, decision: str, reason: str, **also: Any) -> dict[str, Any]:
    """Return one entry of `predictions.json`: the video's path, the prediction, and the decision with its reason.

    `decision` is "move" or "inbox". `also` are further keys.
    """
    return {
        "video": video,
        "predicted_folder": prediction.folder,
        "confidence": prediction.confidence,
        "top_predictions": [{"folder": folder, "confidence": share} for folder, share in prediction.top],
        "decision": decision,
        **also,
        "reason": reason,
    }
