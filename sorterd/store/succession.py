"""Transfer what is known of a video to another form of it, such as a conversion."""

from __future__ import annotations

import sqlite3

from sorterd.changes import KnownFile
from sorterd.store.database import to_blob


def inherit(connection: sqlite3.Connection, before: KnownFile, after: KnownFile, *, gone: bool) -> None:
    """Copy the rejections and the hold of `before` to `after`. If `before` is `gone`, transfer our moves of it as well.

    A rejection of the category in which both lie is dropped: the first form was not taken out, but replaced.
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
