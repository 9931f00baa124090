"""Which rows of the database are also in the journal, and how they are restored from it."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence

from sorterd.store.database import transaction
from sorterd.store.journal_file import Change, Content
from sorterd.store.schema import MIGRATIONS
from sorterd.store.settings import JOURNALED
from sorterd.store.validation import Column, columns_of, valid

Key = tuple[object, ...]

# The tables, with their keys, of what cannot be read from the disk or made again. They include all that a sync changes:
# after a kill between the writes to the journal and to the database, the next start completes the sync.
KEYS = {
    "categories": ("name",),
    "files": ("path",),
    "moves": ("id",),
    "rejections": ("fingerprint", "category"),
    "holds": ("fingerprint",),
    "departed": ("fingerprint", "category"),
    "vacated": ("path",),
    "relocations": ("source",),
    "notes": ("key",),
}
FORMER_NAMES = {"refusals": "rejections"}
_OF_THE_NOTES = "key IN ({})".format(", ".join(f"'{one.key}'" for one in JOURNALED))


def condition(table: str, side: str = "") -> str:
    """Return, as SQL, which rows of the table are in the journal. `side` is "NEW." or "OLD." in a trigger."""
    return side + _OF_THE_NOTES if table == "notes" else "1"


def restore(connection: sqlite3.Connection, content: Content, number: int | None) -> tuple[dict[str, int], int]:
    """Restore the rows that differ from the journal.

    `number` is the last line that the database contains. A complete journal that goes at least as far replaces the
    database's rows, and deletes those that it lacks. Of any other journal only the later lines count. Return how many
    rows of each table were restored, and how many rows of the journal are invalid in this version.
    """
    whole = not content.damaged and content.schema == len(MIGRATIONS) and content.number >= (number or 0)
    after = -1 if whole or number is None else number
    wanted: dict[Key, Change] = {}
    invalid = 0
    for change in (change for line in content.lines if line.number > after for change in line.changes):
        try:
            wanted[key_of(change)] = {**change, "table": name_today(change["table"])}
        except (KeyError, TypeError):
            invalid += 1
    changes = []
    for row in rows(connection):
        change = wanted.pop(key_of(row), gone(row) if whole else row)
        if change != row:
            changes.append(change)
    changes += [change for change in wanted.values() if "gone" not in change]
    columns = {table: columns_of(connection, table) for table in KEYS}
    restored: Counter[str] = Counter()
    connection.execute("PRAGMA foreign_keys = OFF")  # an undo may be inserted before the move that it undoes
    with transaction(connection):
        for change in changes:
            try:
                _put(connection, change, columns[change["table"]])
                restored[change["table"]] += 1
            except (KeyError, ValueError, TypeError, sqlite3.IntegrityError):
                invalid += 1
    connection.execute("PRAGMA foreign_keys = ON")
    return dict(restored), invalid


def _put(connection: sqlite3.Connection, change: Change, columns: list[Column]) -> None:
    """Set or delete a row. Raise KeyError, ValueError, TypeError or IntegrityError if it does not fit its table."""
    table = change["table"]
    types = {column.name: column.type for column in columns}
    row = {
        column: os.fsencode(value) if types[column] == "BLOB" and isinstance(value, str) else value
        for column, value in change.items()
        if column not in ("table", "gone")
    }
    if "gone" in change:
        where = " AND ".join(f"{column} = :{column}" for column in KEYS[table])
        connection.execute(f"DELETE FROM {table} WHERE {where}", row)
        return
    if not valid(table, columns, row):
        raise ValueError(change)
    names = ", ".join(row), ", ".join(f":{column}" for column in row)
    connection.execute(f"INSERT OR REPLACE INTO {table} ({names[0]}) VALUES ({names[1]})", row)


def rows(connection: sqlite3.Connection) -> Iterator[Change]:
    """Yield every row of the database that belongs in the journal, as it is now."""
    for table in KEYS:
        columns = [column.name for column in columns_of(connection, table)]
        for row in connection.execute(f"SELECT * FROM {table} WHERE {condition(table)}"):
            yield as_change(table, columns, row)


def as_change(table: str, columns: Sequence[str], row: Sequence[object]) -> Change:
    """Return a row in the form of the journal."""
    plain = (os.fsdecode(value) if isinstance(value, bytes) else value for value in row)
    return {"table": table, **dict(zip(columns, plain, strict=False))}


def name_today(table: str) -> str:
    """Return the present name of a table, given the name in a journal of this or an earlier version."""
    return FORMER_NAMES.get(table, table)


def gone(change: Change) -> Change:
    """Return the change that deletes this row."""
    table = change["table"]
    return {"table": table, **{column: change[column] for column in KEYS[table]}, "gone": True}


def key_of(change: Change) -> Key:
    """Return the table and key of a row. Raise KeyError or TypeError if this version has no such table or columns."""
    table = name_today(change["table"])
    key = (table, *(change[column] for column in KEYS[table]))
    hash(key)
    return key
