"""Which rows of the database are kept twice, and how they are put back."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sorterd.store import soundness
from sorterd.store.database import transaction
from sorterd.store.journal import FORGOTTEN
from sorterd.store.schema import MIGRATIONS
from sorterd.store.spare_file import Change, Content, Row


@dataclass(frozen=True, slots=True)
class Table:
    """One table that is kept twice: its key, what makes sense in it, and which of its rows are worth it, as SQL with a
    place for `NEW.` or `OLD.`."""

    key: tuple[str, ...]
    sound: Callable[[Row], Row | None]
    worth: str = "1"


TABLES = {
    "categories": Table(("name",), soundness.category_row),
    "files": Table(("path",), lambda row: soundness.file_row(row, (), ()), "{}source IS NOT NULL"),
    "moves": Table(("id",), lambda row: soundness.move_row(row, 0)),
    "refusals": Table(("fingerprint", "category"), soundness.refusal_row),
    "holds": Table(("fingerprint",), soundness.hold_row),
    "departed": Table(("fingerprint", "category"), soundness.departed_row),
    "notes": Table(("key",), soundness.note_row, f"{{}}key IN ('models', 'videos', 'root', '{FORGOTTEN}')"),
}

# A file that an older database still has in the inbox, and that was filed since: it was one file then and is one now.
_LEFT_THE_INBOX = """
    DELETE FROM files WHERE source IS NULL AND EXISTS (
        SELECT 1 FROM files AS filed WHERE filed.source IS NOT NULL AND filed.fingerprint = files.fingerprint
        AND filed.inode = files.inode AND filed.mtime_ns = files.mtime_ns AND filed.path <> files.path)
"""


def restore(connection: sqlite3.Connection, content: Content, *, after: int) -> tuple[dict[str, int], int]:
    """Make the rows what the commits later than `after` say they are; how many of each table were not so, and how many
    make no sense."""
    last: dict[tuple[str, Row], Change] = {}
    restored: Counter[str] = Counter()
    senseless = 0
    for commit in content.commits:
        if commit.number > after:
            try:
                last |= {(change.table, change.key): change for change in commit.changes()}
            except (ValueError, TypeError, AttributeError, IndexError):
                senseless += 1
    if content.whole_at > after >= 0 and content.schema == len(MIGRATIONS):
        gone = (change for change in rows(connection) if (change.table, change.key) not in last)
        last |= {(change.table, change.key): replace(change, row=None) for change in gone}
    connection.execute("PRAGMA foreign_keys = OFF")  # the move that another one undoes may come after it
    with transaction(connection):
        for change in last.values():
            try:
                restored[change.table] += _put_back(connection, change)
            except (KeyError, ValueError, TypeError, sqlite3.IntegrityError):
                senseless += 1
        if restored["files"]:
            connection.execute(_LEFT_THE_INBOX)
    connection.execute("PRAGMA foreign_keys = ON")
    return dict(+restored), senseless


def _put_back(connection: sqlite3.Connection, change: Change) -> bool:
    """Whether this row was not so already. Raise what `restore` takes for a sign that it makes no sense."""
    table = TABLES[change.table]
    where = " AND ".join(f"{column} = ?" for column in table.key)
    if len(change.key) != len(table.key):
        raise ValueError(change.key)
    here = connection.execute(f"SELECT * FROM {change.table} WHERE {where}", change.key).fetchone()
    if change.row == here:
        return False
    if change.row is not None:
        columns = connection.execute(f"SELECT count(*) FROM pragma_table_info('{change.table}')").fetchone()[0]
        if len(change.row) != columns or table.sound(change.row) != change.row:
            raise ValueError(change.row)
    connection.execute(f"DELETE FROM {change.table} WHERE {where}", change.key)
    if change.row is not None:
        connection.execute(f"INSERT INTO {change.table} VALUES ({', '.join('?' * len(change.row))})", change.row)
    return True


def rows(connection: sqlite3.Connection) -> Iterator[Change]:
    """All that is to be kept twice, as it is now."""
    for name, table in TABLES.items():
        for row in connection.execute(f"SELECT * FROM {name} WHERE {table.worth.format('')}"):
            yield Change(name, key_of(name, row), row)


def count(connection: sqlite3.Connection) -> int:
    """How many rows that are."""
    count = "SELECT count(*) FROM {} WHERE {}"
    counts = (connection.execute(count.format(name, table.worth.format(""))) for name, table in TABLES.items())
    return sum(cursor.fetchone()[0] for cursor in counts)


def key_of(table: str, row: Row) -> Row:
    """The key of a row of this table."""
    return row[: len(TABLES[table].key)]  # in every table the key comes first
