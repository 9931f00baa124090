"""What the classifier refuses to learn from."""

from __future__ import annotations


class TrainingDataError(ValueError):
    """The arrays handed to the classifier do not fit together; the message says which and how."""
