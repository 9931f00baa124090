"""Remember our labels of files that are gone.

A file that comes back to the category where we had put it was not filed by the user.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from sorterd.changes import KnownFile
from sorterd.store.database import from_blob, to_blob


@dataclass(frozen=True, slots=True)
class Departed:
    """The table `departed`."""

    connection: sqlite3.Connection

    def remember(self, file: KnownFile, *, now: float) -> None:
        """Record the label of a file that is gone and whose content lies nowhere else, if the label is ours."""
        unread_since_repair = not file.fingerprint
        if file.category is None or not file.ours or unread_since_repair:
            return
        self.connection.execute(
            "INSERT OR REPLACE INTO departed VALUES (?, ?, ?, ?)",
            (file.fingerprint, to_blob(file.category), file.source, now),
        )

    def returned(self, file: KnownFile) -> KnownFile:
        """Return a file that arrived, with its earlier label if it came back to the category where we had put it."""
        if file.category is None:
            return file
        row = self.connection.execute(
            "SELECT source FROM departed WHERE fingerprint = ? AND category = ?",
            (file.fingerprint, to_blob(file.category)),
        ).fetchone()
        return file if row is None else replace(file, source=row[0])

    def elsewhere(self, file: KnownFile) -> list[str]:
        """Return the other categories in which we had put this content before it was gone."""
        rows = self.connection.execute("SELECT category FROM departed WHERE fingerprint = ?", (file.fingerprint,))
        return [name for (category,) in rows if (name := from_blob(category)) != file.category]

    def forget(self, fingerprint: str, category: str) -> None:
        """Drop the label: the content lies in this category again, or the user rejected the category for it."""
        self.connection.execute(
            "DELETE FROM departed WHERE fingerprint = ? AND category = ?", (fingerprint, to_blob(category))
        )
