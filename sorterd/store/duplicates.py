"""Videos that lie in the library more than once, byte for byte the same."""

from __future__ import annotations

import sqlite3
from itertools import groupby

from sorterd.store.database import from_blob


def duplicates(connection: sqlite3.Connection) -> list[list[str]]:
    """Return a sorted list of the paths of each such video."""
    rows = connection.execute(
        "SELECT fingerprint, path FROM files WHERE fingerprint IN (SELECT fingerprint FROM files "
        "WHERE fingerprint <> '' GROUP BY fingerprint HAVING count(*) > 1) ORDER BY fingerprint, path"
    )
    groups = groupby(rows, key=lambda row: row[0])
    return sorted([from_blob(path) for _, path in group] for _, group in groups)
