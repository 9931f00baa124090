"""Record what a change by the user says about a video's label."""

from __future__ import annotations

import sqlite3

from sorterd.changes import LabelChange
from sorterd.store.database import to_blob
from sorterd.store.departed import Departed


def record_label_change(connection: sqlite3.Connection, change: LabelChange, now: float) -> None:
    """Record the rejection, acceptance and correction of one change."""
    if change.rejected is not None:
        reject(connection, change.fingerprint, change.rejected, now=now)
        _correct(connection, change.fingerprint, "file")
    if change.accepted is not None:
        withdraw(connection, change.fingerprint, change.accepted)
        connection.execute("DELETE FROM holds WHERE fingerprint = ?", (change.fingerprint,))
    if change.corrected:
        _correct(connection, change.fingerprint, "sort")


def reject(connection: sqlite3.Connection, fingerprint: str, category: str, *, now: float) -> None:
    """Record that this video does not belong in this category."""
    Departed(connection).forget(fingerprint, category)
    connection.execute("INSERT OR REPLACE INTO rejections VALUES (?, ?, ?)", (fingerprint, to_blob(category), now))


def withdraw(connection: sqlite3.Connection, fingerprint: str, category: str) -> None:
    """Forget that this video does not belong in this category."""
    connection.execute(
        "DELETE FROM rejections WHERE fingerprint = ? AND category = ?", (fingerprint, to_blob(category))
    )


def _correct(connection: sqlite3.Connection, fingerprint: str, kind: str) -> None:
    """Mark the last move of this kind as corrected: the user has put the video elsewhere."""
    connection.execute(
        "UPDATE moves SET corrected = 1 WHERE id = (SELECT max(id) FROM moves "
        "WHERE fingerprint = ? AND kind = ? AND step = 'done' AND NOT undone)",
        (fingerprint, kind),
    )
