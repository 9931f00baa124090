"""Change the table of categories."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping

from sorterd.library.files import FolderId
from sorterd.store.database import from_blob, to_blob
from sorterd.store.file_id import signed

# What is remembered of files by where they were.
_REMEMBERED = {"relocations": ("source", "destination"), "vacated": ("path",), "departed": ("category",)}


def rename_categories(connection: sqlite3.Connection, renames: Mapping[str, str]) -> None:
    """Give categories their new names ({old: new}), all at once, with all that is remembered by the old ones."""
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
    for table, columns in _REMEMBERED.items():
        _rename_remembered(connection, table, columns, {to_blob(old): to_blob(new) for old, new in renames.items()})


def _rename_remembered(
    connection: sqlite3.Connection, table: str, columns: Collection[str], renames: Mapping[bytes, bytes]
) -> None:
    """Rewrite the rows of files that were in these categories. Two categories may have swapped their names."""
    found = connection.execute(f"SELECT * FROM {table}")
    names = [name for name, *_ in found.description]

    def renamed(path: bytes) -> bytes:
        category, slash, rest = path.partition(b"/")
        return renames.get(category, category) + slash + rest

    rows = [
        (row, tuple(renamed(value) if name in columns else value for name, value in zip(names, row, strict=True)))
        for row in found
    ]
    changed = [(before, after) for before, after in rows if before != after]
    this_row = " AND ".join(f"{name} IS ?" for name in names)
    connection.executemany(f"DELETE FROM {table} WHERE {this_row}", [before for before, _ in changed])
    places = ", ".join("?" for _ in names)
    connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({places})", [after for _, after in changed])


def set_categories(connection: sqlite3.Connection, folders: Mapping[str, FolderId]) -> None:
    """Make these the categories, with the folder of each. If they are so already, no row changes."""
    rows = {(to_blob(name), folder.device, signed(folder.inode)) for name, folder in folders.items()}
    if rows != set(connection.execute("SELECT name, device, inode FROM categories")):
        connection.execute("DELETE FROM categories")
        connection.executemany("INSERT INTO categories VALUES (?, ?, ?)", rows)
