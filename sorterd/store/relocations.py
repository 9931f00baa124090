"""Record where videos went from a path: moved by us (as the journal says), or moved or renamed by the user."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from sorterd.changes import Change, Converted, Gone, KnownFile, Moved
from sorterd.store.database import from_blob, to_blob

KEPT_SECONDS = 90 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Relocation:
    """A video that went from one path to another. `source` is its path before. `by_user`: we did not move it."""

    source: str
    destination: str
    fingerprint: str
    at: float
    by_user: bool


@dataclass(frozen=True, slots=True)
class Relocations:
    """The table `relocations`, and our own moves in the table `moves`."""

    connection: sqlite3.Connection

    def note(self, changes: Iterable[Change], *, now: float) -> None:
        """Record the videos that the user moved or renamed, at once or in two steps (copied, then removed), and those
        that have become another form under another name."""
        for change in changes:
            match change:
                case Moved(before, after) | Converted(after, before, True) | Gone(before, _, KnownFile() as after):
                    source, destination, content = before.path, after.path, after.fingerprint
                case Gone(file, (only,)):
                    source, destination, content = file.path, only, file.fingerprint
                case _:
                    continue
            if source != destination:
                self.connection.execute(
                    "INSERT OR REPLACE INTO relocations VALUES (?, ?, ?, ?)",
                    (to_blob(source), to_blob(destination), content, now),
                )

    def all(self, beginning: str = "") -> dict[str, Relocation]:
        """Return, for each path that a video left, the last one to leave it. Only paths with this `beginning`."""
        first = to_blob(beginning)
        query = (
            "SELECT source, destination, fingerprint, at, 0 AS by_user FROM moves "
            "WHERE kind = 'sort' AND step = 'done' AND NOT undone AND substr(source, 1, ?1) = ?2 "
            "UNION ALL SELECT source, destination, fingerprint, at, 1 FROM relocations "
            "WHERE substr(source, 1, ?1) = ?2 ORDER BY at"
        )
        found = {}
        for source, destination, content, at, by_user in self.connection.execute(query, (len(first), first)):
            found[from_blob(source)] = Relocation(from_blob(source), from_blob(destination), content, at, bool(by_user))
        return found

    def forget(self, before: float) -> None:
        """Drop what happened before a time."""
        self.connection.execute("DELETE FROM relocations WHERE at < ?", (before,))
