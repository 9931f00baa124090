"""Print how well the model does on the user's own library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sorterd.report.console import console_for
from sorterd.text import printable

if TYPE_CHECKING:  # importing it loads the classifier's libraries
    from sorterd.classifier.scorecard import Scorecard


def print_evaluation(
    card: Scorecard, missing: Mapping[str, str], threshold: float, console: Console | None = None
) -> None:
    """Print the figures. All are out of fold, on videos that the model had not seen."""
    console = console or console_for()
    console.print(f"{card.videos} filed videos, each judged by a model that had not seen it: {card.accuracy:.0%} right")
    wrong = "" if card.wrong_moves is None else f", and {card.wrong_moves:.1%} of those moves would be wrong"
    console.print(f"At the threshold {threshold:.2f}, {card.moved:.0%} would be moved{wrong}")
    console.print(_folders(card))
    console.print(_confusion(card))
    console.print(_reliability(card))
    console.print(f"On average, confidence is {100 * card.error:.1f} points off")
    for sentence in missing.values():
        console.print(Text(printable(sentence), style="yellow"))


def _folders(card: Scorecard) -> Table:
    table = Table(title="Folders", title_justify="left", header_style="bold")
    table.add_column("folder", overflow="fold")
    for name in ("videos", "of those put here, right", "of those that belong here, found"):
        table.add_column(name, justify="right")
    for score in card.folders:
        table.add_row(
            Text(printable(score.folder)), str(score.videos), _percent(score.precision), _percent(score.recall)
        )
    return table


def _confusion(card: Scorecard) -> Table:
    """Return a table of the confused pairs only, as a full matrix of fifty folders fits no screen."""
    table = Table(title="Confused", title_justify="left", header_style="bold")
    table.add_column("belongs to", overflow="fold")
    table.add_column("taken for", overflow="fold")
    table.add_column("videos", justify="right")
    wrong = {pair: number for pair, number in card.confusion.items() if pair[0] != pair[1]}
    for (label, predicted), number in sorted(wrong.items(), key=lambda item: -item[1]):
        table.add_row(Text(printable(label)), Text(printable(predicted)), str(number))
    return table


def _reliability(card: Scorecard) -> Table:
    table = Table(title="Can its confidence be believed?", title_justify="left", header_style="bold")
    for name in ("it was", "videos", "sure on average", "right"):
        table.add_column(name, justify="right")
    for one in card.reliability:
        span = f"{one.low:.0%} to {one.high:.0%} sure"
        table.add_row(span, str(one.videos), f"{one.confidence:.0%}", f"{one.right:.0%}")
    return table


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"
