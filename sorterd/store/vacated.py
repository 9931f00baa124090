"""Paths that lost their file: a program may put another form of the video there, minutes or days after."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from sorterd.changes import Change, Gone, KnownFile, Moved, label_changes
from sorterd.library.files import FileId
from sorterd.store.database import from_blob, to_blob

KEPT_SECONDS = 7 * 24 * 3600.0
_NOWHERE = FileId(0, 0, -1, 0)


@dataclass(frozen=True, slots=True)
class Vacated:
    """The table `vacated`."""

    connection: sqlite3.Connection

    def note(self, changes: Iterable[Change], *, now: float) -> None:
        """Remember what has left its path, if only for another name in its folder; what the user takes to another
        folder leaves no place for another form. Forget the paths at which a file lies again."""
        for change in changes:
            if isinstance(change, Gone) and not label_changes(change):
                self._remember(change.file, now)
            elif isinstance(change, Moved) and change.before.category == change.after.category:
                self._remember(change.before, now)
        self.connection.execute("DELETE FROM vacated WHERE path IN (SELECT path FROM files)")

    def _remember(self, file: KnownFile, now: float) -> None:
        if file.fingerprint:  # else it has not been read since a rescue
            row = (to_blob(file.path), file.fingerprint, file.source, now)
            self.connection.execute("INSERT OR REPLACE INTO vacated VALUES (?, ?, ?, ?)", row)

    def files(self) -> dict[str, KnownFile]:
        """What lay there, by path."""
        rows = self.connection.execute("SELECT path, fingerprint, source FROM vacated")
        files = (KnownFile(from_blob(path), _NOWHERE, content, source) for path, content, source in rows)
        return {file.path: file for file in files}

    def since(self, earliest: float) -> dict[str, float]:
        """The paths that lost their file at this time or later, and when."""
        rows = self.connection.execute("SELECT path, at FROM vacated WHERE at >= ?", (earliest,))
        return {from_blob(path): at for path, at in rows}

    def sweep(self, *, now: float) -> None:
        """Forget what is long ago, or noted by a clock that was ahead."""
        self.connection.execute("DELETE FROM vacated WHERE at < ? OR at > ?", (now - KEPT_SECONDS, now + KEPT_SECONDS))
