"""Record paths that lost their file. A program may put another form of the video there minutes or days later."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain

from sorterd.changes import Change, Gone, KnownFile, Moved, label_changes
from sorterd.library.files import FileId
from sorterd.store.database import from_blob, to_blob

KEPT_SECONDS = 7 * 24 * 3600.0
_NOWHERE = FileId(0, 0, -1, 0)


@dataclass(frozen=True, slots=True)
class Vacated:
    """The table `vacated`."""

    connection: sqlite3.Connection

    def note(self, changes: Collection[Change], *, now: float) -> None:
        """Record the files that are gone or were renamed within their folder. Forget paths where a file lies again.

        A file that the user took to another folder is not recorded, nor are copies of it that left the first folder
        earlier: no other form of it will come in its place.
        """
        for change in changes:
            if isinstance(change, Gone) and not label_changes(change):
                self._remember(change.file, now)
            elif isinstance(change, Moved) and change.before.category == change.after.category:
                self._remember(change.before, now)
        self.connection.execute("DELETE FROM vacated WHERE path IN (SELECT path FROM files)")
        for label in chain.from_iterable(map(label_changes, changes)):
            if label.rejected is not None:
                inside = to_blob(f"{label.rejected}/")
                self.connection.execute(
                    "DELETE FROM vacated WHERE fingerprint = ? AND substr(path, 1, ?) = ?",
                    (label.fingerprint, len(inside), inside),
                )

    def _remember(self, file: KnownFile, now: float) -> None:
        if file.fingerprint:  # else it has not been read since a repair of the database
            row = (to_blob(file.path), file.fingerprint, file.source, now)
            self.connection.execute("INSERT OR REPLACE INTO vacated VALUES (?, ?, ?, ?)", row)

    def files(self) -> dict[str, KnownFile]:
        """Return the files that lay there, by path."""
        rows = self.connection.execute("SELECT path, fingerprint, source FROM vacated")
        files = (KnownFile(from_blob(path), _NOWHERE, content, source) for path, content, source in rows)
        return {file.path: file for file in files}

    def sweep(self, *, now: float) -> None:
        """Forget what is older than KEPT_SECONDS, or was noted by a clock that was ahead."""
        self.connection.execute("DELETE FROM vacated WHERE at < ? OR at > ?", (now - KEPT_SECONDS, now + KEPT_SECONDS))


def recent(connection: sqlite3.Connection, earliest: float) -> tuple[dict[str, float], set[str]]:
    """Return when paths lost their file or got their label since then, and which paths have new content.

    The latter are the paths of files whose content was not known before it came into their folder.
    """
    rows = connection.execute(
        "SELECT path, labelled_at, arrived FROM files WHERE labelled_at >= ?1 "
        "UNION ALL SELECT path, at, 0 FROM vacated WHERE at >= ?1",
        (earliest,),
    ).fetchall()
    return {from_blob(path): at for path, at, _ in rows}, {from_blob(path) for path, _, arrived in rows if arrived}
