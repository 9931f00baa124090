"""The section on quality: the figures of `evaluate`, the confusion matrix and a reliability diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sorterd.text import percent

if TYPE_CHECKING:  # loads all that a classifier is made with
    from sorterd.classifier.scorecard import Scorecard

LARGEST_MATRIX = 24  # folders
MOST_CONFUSED = 20
SIDE, LEFT, FOOT, PAD = 170, 28, 30, 12  # of the diagram, in SVG units


@dataclass(frozen=True, slots=True)
class Cell:
    """How many videos of a folder were taken for another, and which share of the folder that is."""

    number: int
    share: float
    right: bool
    title: str


@dataclass(frozen=True, slots=True)
class Dot:
    """Videos of similar confidence. The area is their number."""

    x: float
    y: float
    radius: float
    title: str


def matrix(card: Scorecard) -> list[tuple[str, list[Cell]]]:
    """Return the rows of the confusion matrix, or none if it would be too large for a screen."""
    names = sorted({name for pair in card.confusion for name in pair})
    if len(names) > LARGEST_MATRIX:
        return []
    totals = {name: sum(n for (label, _), n in card.confusion.items() if label == name) for name in names}
    return [(label, [_cell(card, label, name, totals[label]) for name in names]) for label in names]


def _cell(card: Scorecard, label: str, predicted: str, total: int) -> Cell:
    number = card.confusion.get((label, predicted), 0)
    title = f"{number} of {total} from {label} taken for {predicted}"
    return Cell(number, number / total if total else 0.0, label == predicted, title)


def confused(card: Scorecard) -> Sequence[tuple[str, str, int]]:
    """Return the most confused pairs (folder, taken for, videos)."""
    wrong = [(*pair, number) for pair, number in card.confusion.items() if pair[0] != pair[1]]
    return sorted(wrong, key=lambda one: (-one[2], one))[:MOST_CONFUSED]


def dots(card: Scorecard) -> list[Dot]:
    """Return the diagram of the share that was right over the confidence."""
    most = max((one.videos for one in card.reliability), default=1)
    return [
        Dot(
            across(one.confidence),
            up(one.right),
            2 + 5 * (one.videos / most) ** 0.5,
            f"{one.videos} videos: {percent(one.confidence)} sure, {percent(one.right)} right",
        )
        for one in card.reliability
    ]


def across(share: float) -> float:
    """Return the x of a share."""
    return LEFT + share * (SIDE - LEFT - PAD)


def up(share: float) -> float:
    """Return the y of a share."""
    return SIDE - FOOT - share * (SIDE - FOOT - PAD)
