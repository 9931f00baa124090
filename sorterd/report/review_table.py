"""A table of the undecided videos."""

from __future__ import annotations

from collections.abc import Sequence

from sorterd.report.records import Records
from sorterd.sorting.inbox_decisions import InboxDecision
from sorterd.text import as_called, percent, printable


def review_table(undecided: Sequence[InboxDecision], called: str) -> Records:
    """Return one record per video: its best predictions and why it waits. `called` is how sorterd was called."""
    rows = []
    for one in undecided:
        guesses = ", ".join(f"{printable(folder)} {percent(share)}" for folder, share in one.prediction.top)
        rows.append((printable(one.file.path), guesses, printable(as_called(one.decision.reason, called))))
    return Records(("video", "best guesses", "why it waits"), rows)
