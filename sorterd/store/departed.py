"""Labels of ours whose file is gone: what comes back to where we had put it was not filed by the user."""

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
        """This file is gone, and its content is nowhere else."""
        not_read_since_a_rescue = not file.fingerprint
        if file.category is None or not file.ours or not_read_since_a_rescue:
            return
        self.connection.execute(
            "INSERT OR REPLACE INTO departed VALUES (?, ?, ?, ?)",
            (file.fingerprint, to_blob(file.category), file.source, now),
        )

    def returned(self, file: KnownFile) -> KnownFile:
        """A file that arrived, with the label that it had if it has come back to where we had put it."""
        if file.category is None:
            return file
        row = self.connection.execute(
            "SELECT source FROM departed WHERE fingerprint = ? AND category = ?",
            (file.fingerprint, to_blob(file.category)),
        ).fetchone()
        return file if row is None else replace(file, source=row[0])

    def elsewhere(self, file: KnownFile) -> list[str]:
        """The other categories that this content was in before it was gone for a while."""
        rows = self.connection.execute("SELECT category FROM departed WHERE fingerprint = ?", (file.fingerprint,))
        return [name for (category,) in rows if (name := from_blob(category)) != file.category]

    def forget(self, fingerprint: str, category: str) -> None:
        """The content lies in this category again, or the user does not want it there."""
        self.connection.execute(
            "DELETE FROM departed WHERE fingerprint = ? AND category = ?", (fingerprint, to_blob(category))
        )
