"""Which of our moves the user has confirmed, and which wait for that."""

from __future__ import annotations

import sqlite3

from sorterd.store.database import from_blob, to_blob


def confirmed(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the videos whose move by us the user has confirmed."""
    rows = connection.execute("SELECT fingerprint FROM files WHERE source = 'confirmed'")
    return frozenset(fingerprint for (fingerprint,) in rows)


def unconfirmed(connection: sqlite3.Connection, beginning: str = "") -> list[str]:
    """Return the paths, of those that begin so, of files that we have moved there and the user has not confirmed."""
    first = to_blob(beginning)
    query = "SELECT path FROM files WHERE source = 'auto' AND substr(path, 1, ?) = ? ORDER BY path"
    return [from_blob(path) for (path,) in connection.execute(query, (len(first), first))]
