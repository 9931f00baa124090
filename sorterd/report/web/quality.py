"""The section on quality: the figures of `evaluate`, the confusion matrix and a reliability diagram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loads all that a classifier is made with
    from sorterd.classifier.scorecard import Scorecard

LARGEST_MATRIX = 24  # folders
MOST_CONFUSED = 20
SIDE, LEFT, FOOT, PAD = 170, 28, 30, 12  # of the diagram, in SVG units


def matrix(card: Scorecard) -> list[tuple[str, int, list[tuple[str, int]]]]:
    """Return the rows of the confusion matrix, or none if it would be too large for a screen.

    A row is a folder, how many videos it has, and how many of them were taken for each folder.
    """
    names = sorted({name for pair in card.confusion for name in pair})
    if len(names) > LARGEST_MATRIX:
        return []
    rows = [(label, [(name, card.confusion.get((label, name), 0)) for name in names]) for label in names]
    return [(label, sum(number for _, number in cells), cells) for label, cells in rows]


def confused(card: Scorecard) -> Sequence[tuple[str, str, int]]:
    """Return the most confused pairs (folder, taken for, videos)."""
    wrong = [(*pair, number) for pair, number in card.confusion.items() if pair[0] != pair[1]]
    return sorted(wrong, key=lambda one: (-one[2], one))[:MOST_CONFUSED]


def across(share: float) -> float:
    """Return the x of a share."""
    return LEFT + share * (SIDE - LEFT - PAD)


def up(share: float) -> float:
    """Return the y of a share."""
    return SIDE - FOOT - share * (SIDE - FOOT - PAD)
