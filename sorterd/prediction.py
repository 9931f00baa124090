"""What the model says of one video: one value from the classifier to the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best folder for one video.

    `confidence` is the calibrated probability that `folder` is right, "it belongs to none of the folders" counted in;
    `top` is (folder, confidence), best first; the confidences of all folders sum to 1 minus the probability of "none".
    `move` says whether it may be filed without asking; `reason` is one short sentence for the user.
    `folder` is "" when there is nothing to choose from.
    """

    folder: str
    confidence: float
    top: tuple[tuple[str, float], ...]
    move: bool
    reason: str


def as_json(video: str, prediction: Prediction, decision: str, reason: str, **also: Any) -> dict[str, Any]:
    """Return one entry of `predictions.json`: the video's path, the prediction, the decision on it ("move" or "inbox")
    with its reason, and what `also` is known of it."""
    return {
        "video": video,
        "predicted_folder": prediction.folder,
        "confidence": prediction.confidence,
        "top_predictions": [{"folder": folder, "confidence": share} for folder, share in prediction.top],
        "decision": decision,
        **also,
        "reason": reason,
    }
