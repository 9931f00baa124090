"""The question that a worker answers beside its jobs, and the answer: what a search means, as vectors."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_SEARCH = 1000
"""Characters of a search that count."""


@dataclass(frozen=True, slots=True)
class Embed:
    """Make vectors of a text: one by the text tower of each feature space or tower of words that `towers` names.

    Answered by `TextEmbedded`, at once if there is no job, else between two videos. No model is loaded for it, except
    the small text tower of captions where the models for extraction are loaded.
    """

    job: int
    text: str
    towers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextEmbedded:
    """The name and the unit vector of each tower that was asked for and is loaded. `job` is that of the `Embed`."""

    job: int
    vectors: tuple[tuple[str, bytes], ...]
