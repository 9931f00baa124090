"""Another form of a video takes the place of the first one: what was said of that is said of it as well."""

from __future__ import annotations

import sqlite3

from sorterd.changes import KnownFile
from sorterd.store.database import to_blob


def inherit(connection: sqlite3.Connection, before: KnownFile, after: KnownFile, *, gone: bool) -> None:
    """What the user refused for `before`, and that a move of it was undone, counts for `after`. If `before` is `gone`,
    so do our own moves of it, which can be undone.

    The folder in which both lie is refused for neither: the first form was not taken out, but replaced.
    """
    if after.category is not None:
        connection.execute(
            "DELETE FROM rejections WHERE fingerprint = ? AND category = ?",
            (before.fingerprint, to_blob(after.category)),
        )
    for table, columns in (("rejections", "category, at"), ("holds", "at")):
        connection.execute(
            f"INSERT OR IGNORE INTO {table} SELECT ?, {columns} FROM {table} WHERE fingerprint = ?",
            (after.fingerprint, before.fingerprint),
        )
    if gone:
        values = (after.fingerprint, before.fingerprint)
        connection.execute("UPDATE moves SET fingerprint = ? WHERE fingerprint = ?", values)
        connection.execute("UPDATE relocations SET fingerprint = ? WHERE fingerprint = ?", values)
