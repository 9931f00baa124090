"""Moves that were decided and failed, kept until they succeed or are no longer wanted."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sorterd.store.database import from_blob, to_blob
from sorterd.text import printable


@dataclass(frozen=True, slots=True)
class Unmoved:
    """A video that should be in `folder` and could not be moved there.

    `lasting`: another try is useless while `circumstances` (the state of the files and folders) are the same.
    """

    path: str
    fingerprint: str
    folder: str
    reason: str
    lasting: bool
    circumstances: str
    at: float


@dataclass(frozen=True, slots=True)
class UnmovedTable:
    """The table `unmoved`."""

    connection: sqlite3.Connection

    def put(self, one: Unmoved) -> None:
        """Record a failed move, in place of an earlier one of the same path."""
        self.connection.execute(
            "INSERT OR REPLACE INTO unmoved VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(to_blob(one.path), one.fingerprint, to_blob(one.folder), printable(one.reason), int(one.lasting)),
                *(one.circumstances, one.at),
            ),
        )

    def forget(self, path: str) -> None:
        """Drop the failed move of `path`: it succeeded, or is no longer wanted."""
        self.connection.execute("DELETE FROM unmoved WHERE path = ?", (to_blob(path),))

    def all(self) -> dict[str, Unmoved]:
        """Return all failed moves by path."""
        rows = self.connection.execute("SELECT * FROM unmoved ORDER BY path")
        return {
            from_blob(path): Unmoved(from_blob(path), content, from_blob(folder), reason, bool(lasting), then, at)
            for path, content, folder, reason, lasting, then, at in rows
        }
