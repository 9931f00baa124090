"""What every candidate is once fitted."""

from __future__ import annotations

from typing import Protocol

from sorterd.classifier.arrays import Floats


class Head(Protocol):
    """A fitted head is a frozen dataclass whose fields are all arrays: they are what the model file holds.

    A score is on the scale of a logit, and 0 means "says nothing": a category that the head has never seen scores 0.
    """

    def scores(self, rows: Floats) -> Floats:
        """[n, d] at unit length -> [n, categories]."""
        ...
