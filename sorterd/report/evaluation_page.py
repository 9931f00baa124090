"""Print how well the model does on the user's own library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sorterd.report.console import console_for, print_note
from sorterd.report.records import Records, print_records
from sorterd.text import percent, printable

if TYPE_CHECKING:  # importing it loads the classifier's libraries
    from sorterd.classifier.scorecard import Scorecard


def print_evaluation(card: Scorecard, missing: Mapping[str, str], threshold: float) -> None:
    """Print the figures. All are out of fold, on videos that the model had not seen."""
    console = console_for()
    right = percent(card.accuracy)
    print_note(console, f"{card.videos} filed videos, each judged by a model that had not seen it: {right} right")
    wrong = "" if card.wrong_moves is None else f", and {card.wrong_moves:.1%} of those moves would be wrong"
    print_note(console, f"At the threshold {threshold:.2f}, {percent(card.moved)} would be moved{wrong}")
    print_records(console, _folders(card))
    print_records(console, _confusion(card))
    print_records(console, _reliability(card))
    print_note(console, f"On average, confidence is {100 * card.error:.1f} points off")
    for sentence in missing.values():
        print_note(console, sentence)


def _folders(card: Scorecard) -> Records:
    numbers = ("videos", "of those put here, right", "of those that belong here, found")
    rows = [
        (printable(score.folder), str(score.videos), _share(score.precision), _share(score.recall))
        for score in card.folders
    ]
    return Records(("folder", *numbers), rows, "Folders", frozenset(numbers), "folder")


def _confusion(card: Scorecard) -> Records:
    """Return the confused pairs only, as a full matrix of fifty folders fits no screen."""
    wrong = {pair: number for pair, number in card.confusion.items() if pair[0] != pair[1]}
    rows = [
        (printable(label), printable(predicted), str(number))
        for (label, predicted), number in sorted(wrong.items(), key=lambda item: -item[1])
    ]
    return Records(("belongs to", "taken for", "videos"), rows, "Confused", frozenset(["videos"]), "confused")


def _reliability(card: Scorecard) -> Records:
    rows = [
        (f"{percent(one.low)} to {percent(one.high)} sure", str(one.videos), *map(percent, (one.confidence, one.right)))
        for one in card.reliability
    ]
    columns = ("it was", "videos", "sure on average", "right")
    return Records(columns, rows, "Can its confidence be believed?", frozenset(columns), "confidence")


def _share(share: float | None) -> str:
    return "-" if share is None else percent(share)
