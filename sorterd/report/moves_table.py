"""The moves of the journal: what is told of each, and a table of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sorterd.report.records import Records
from sorterd.store.journal import Entry
from sorterd.text import percent, printable

By = Literal["sorterd", "you"]
State = Literal["", "confirmed", "corrected", "undone"]
_SAID = {"": "", "confirmed": "confirmed by you", "corrected": "put elsewhere by you", "undone": "undone"}


@dataclass(frozen=True, slots=True)
class LoggedMove:
    """One move. `at` is an ISO time with its zone, `by` is who decided it, `state` is what became of it."""

    id: int
    at: str
    by: By
    source: str
    destination: str
    sidecars: int
    of_a_sidecar: bool
    confidence: float | None
    reason: str
    state: State


def logged(entry: Entry, confirmed: Collection[str]) -> LoggedMove:
    """Return one move as it is told. `confirmed` are the videos whose move the user has confirmed."""
    state: State = ""
    if entry.undone:
        state = "undone"
    elif entry.corrected:
        state = "corrected"
    elif entry.kind == "sort" and entry.fingerprint in confirmed:
        state = "confirmed"
    return LoggedMove(
        id=entry.number,
        at=datetime.fromtimestamp(entry.at).astimezone().isoformat(timespec="seconds"),
        by="you" if entry.kind == "file" else "sorterd",
        source=entry.source,
        destination=entry.destination,
        sidecars=len(entry.sidecars),
        of_a_sidecar=entry.kind == "follow",
        confidence=entry.confidence,
        reason=entry.reason,
        state=state,
    )


def moves_table(moves: Sequence[LoggedMove]) -> Records:
    """Return one record per move."""
    rows = [
        (
            str(move.id),
            datetime.fromisoformat(move.at).strftime("%Y-%m-%d %H:%M"),
            move.by,
            printable(move.source),
            printable(move.destination),
            "" if move.confidence is None else percent(move.confidence),
            _SAID[move.state],
        )
        for move in moves
    ]
    columns = ("move", "when", "by", "from", "to", "sure", "since then")
    return Records(columns, rows, numbers=frozenset(["move", "sure"]))
