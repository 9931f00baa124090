"""Change the table of categories."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from sorterd.library.files import FolderId
from sorterd.store.database import from_blob, to_blob
from sorterd.store.file_id import signed


def rename_categories(connection: sqlite3.Connection, renames: Mapping[str, str]) -> None:
    """Give categories their new names ({old: new}), all at once, together with their files and rejections."""
    renamed: list[tuple[object, ...]] = []
    for old, new in renames.items():
        rows = connection.execute("SELECT * FROM files WHERE category = ?", (to_blob(old),)).fetchall()
        to, length = to_blob(new), len(to_blob(old))
        renamed += [(to + path[length:], content, to, *rest) for path, content, _, *rest in rows]
        connection.execute("DELETE FROM files WHERE category = ?", (to_blob(old),))
    connection.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", renamed)
    rejections = connection.execute("SELECT fingerprint, category, at FROM rejections").fetchall()
    connection.execute("DELETE FROM rejections")
    connection.executemany(
        "INSERT OR REPLACE INTO rejections VALUES (?, ?, ?)",
        [(f, to_blob(renames.get(from_blob(c), from_blob(c))), at) for f, c, at in rejections],
    )
    # What lies in a renamed folder was taken out of another one that had this name before.
    connection.executemany(
        "DELETE FROM rejections WHERE fingerprint = ? AND category = ?", [row[1:3] for row in renamed]
    )


def set_categories(connection: sqlite3.Connection, folders: Mapping[str, FolderId]) -> None:
    """Make these the categories, with the folder of each. If they are so already, no row changes."""
    rows = {(to_blob(name), folder.device, signed(folder.inode)) for name, folder in folders.items()}
    if rows != set(connection.execute("SELECT name, device, inode FROM categories")):
        connection.execute("DELETE FROM categories")
        connection.executemany("INSERT INTO categories VALUES (?, ?, ?)", rows)
