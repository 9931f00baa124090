"""A table of the undecided videos."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from sorterd.sorting.sorter import InboxDecision
from sorterd.text import printable


def review_table(undecided: Sequence[InboxDecision]) -> Table:
    """Return a table with one row per video: its best predictions and why it waits."""
    table = Table(header_style="bold")
    table.add_column("video", overflow="fold")
    table.add_column("best guesses", overflow="fold")
    table.add_column("why it waits", overflow="fold")
    for one in undecided:
        guesses = ", ".join(f"{printable(folder)} {share:.0%}" for folder, share in one.prediction.top)
        table.add_row(Text(printable(one.file.path)), Text(guesses), Text(printable(one.decision.reason)))
    return table
