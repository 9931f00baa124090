"""A table of the undecided videos."""

from __future__ import annotations

from collections.abc import Sequence

from sorterd.report.records import Records
from sorterd.sorting.sorter import InboxDecision
from sorterd.text import percent, printable


def review_table(undecided: Sequence[InboxDecision]) -> Records:
    """Return one record per video: its best predictions and why it waits."""
    rows = []
    for one in undecided:
        guesses = ", ".join(f"{printable(folder)} {percent(share)}" for folder, share in one.prediction.top)
        rows.append((printable(one.file.path), guesses, printable(one.decision.reason)))
    return Records(("video", "best guesses", "why it waits"), rows)
