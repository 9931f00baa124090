"""What is said of a video before it was looked at. Pure."""

from __future__ import annotations

from dataclasses import replace

from sorterd.prediction import Prediction


def first_guess(prediction: Prediction) -> Prediction:
    """Return a prediction from captions as one on which nothing is moved."""
    return replace(prediction, move=False, reason=f"a first guess, from captions alone: {prediction.reason}")
