"""What a person wants to know of the last training. Pure."""

from __future__ import annotations


def training_in_short(outcome: str) -> str:
    """Return the outcome of a training (`classifier/comparison.py` and `job_train.py`) without what is behind it."""
    sentence = outcome.partition(" (")[0]
    if sentence.startswith("kept the old model"):
        return "the model is as before, because a new one did worse on your videos"
    _, worse, fault = sentence.partition("; but it ")
    return f"it learned from what you had filed, but now it {fault}" if worse else "it learned from what you had filed"
