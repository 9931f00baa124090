"""What is suggested. Light: the command line and the review page import it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

FEWEST = 5
"""Videos of a group. Of groups of four, far more are made of videos that do not belong together."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A group of alike videos, the most typical first: their contents and, in the same order, one file of each.

    `id` is the same as long as the videos are. `words` tell what they have in common, if any do. `folder` is a name for
    the folder, "" if no word suits.
    """

    id: str
    videos: tuple[str, ...]
    paths: tuple[str, ...]
    words: tuple[str, ...]
    folder: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """The groups, the largest first, and how many videos were compared for them and could not be yet."""

    groups: list[Suggestion]
    compared: int
    unseen: int


def group_id(videos: Collection[str]) -> str:
    """Return a short name for these videos."""
    return hashlib.sha256("\n".join(sorted(videos)).encode()).hexdigest()[:6]
