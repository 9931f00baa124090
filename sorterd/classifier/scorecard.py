"""How the model does on the user's own library, from what it said of videos that it had not seen. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sorterd.prediction import HeldOutPrediction

BINS = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class FolderScore:
    """One folder: how many videos were held out, of those put there how many belong, of those that belong how many
    were found. None where nothing was put there, or nothing held out."""

    folder: str
    videos: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Videos whose confidence lay between `low` and `high`: how sure the model was on average, and how often right."""

    low: float
    high: float
    videos: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All figures out of fold. `confusion` counts (label, predicted); `moved` is the share of videos that would be
    moved, `wrong_moves` the share of those that would be wrong (None if nothing would be moved); `error` is the
    expected calibration error, the mean distance between confidence and being right (Guo et al. 2017)."""

    videos: int
    accuracy: float
    folders: tuple[FolderScore, ...]
    confusion: dict[tuple[str, str], int]
    reliability: tuple[Bin, ...]
    error: float
    moved: float
    wrong_moves: float | None


def scorecard(outcomes: Sequence[HeldOutPrediction], threshold: float) -> Scorecard:
    """Return the figures for at least one outcome, at this threshold."""
    count = len(outcomes)
    confusion = Counter((outcome.label, outcome.predicted) for outcome in outcomes)
    moved = [outcome for outcome in outcomes if outcome.move and outcome.confidence >= threshold]
    reliability = _reliability(outcomes)
    return Scorecard(
        videos=count,
        accuracy=sum(outcome.right for outcome in outcomes) / count,
        folders=tuple(_folder(name, confusion) for name in sorted({label for label, _ in confusion})),
        confusion=dict(confusion),
        reliability=reliability,
        error=sum(one.videos * abs(one.confidence - one.right) for one in reliability) / count,
        moved=len(moved) / count,
        wrong_moves=sum(not outcome.right for outcome in moved) / len(moved) if moved else None,
    )


def _folder(name: str, confusion: Counter[tuple[str, str]]) -> FolderScore:
    right = confusion[name, name]
    belong = sum(number for (label, _), number in confusion.items() if label == name)
    put = sum(number for (_, predicted), number in confusion.items() if predicted == name)
    return FolderScore(name, belong, right / put if put else None, right / belong if belong else None)


def _reliability(outcomes: Sequence[HeldOutPrediction]) -> tuple[Bin, ...]:
    bins = []
    for low, high in pairwise(BINS):
        inside = [one for one in outcomes if low <= one.confidence < high or (high == 1.0 == one.confidence)]
        if inside:
            confidence = sum(one.confidence for one in inside) / len(inside)
            bins.append(Bin(low, high, len(inside), confidence, sum(one.right for one in inside) / len(inside)))
    return tuple(bins)
