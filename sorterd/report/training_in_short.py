"""What a person wants to know of the last training. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def training_in_short(training: Mapping[str, Any]) -> str:
    """Return what became of a training (`TRAINING` in `store/settings.py`) without what is behind it."""
    if not training["swapped"]:
        return "the model is as before, because a new one did worse on your videos"
    learned = "it learned from what you had filed"
    return f"{learned}, but now it {training['worse']}" if training["worse"] else learned
