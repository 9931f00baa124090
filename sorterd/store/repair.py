"""A damaged database is put aside, and another begun.

The journal makes that one what the damaged one was, but for what can be made again. Of that, features are dear enough
to be saved from the damaged one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from sorterd.store.database import StoreDamaged, StoreError, transaction
from sorterd.store.schema import intended_schema, schema
from sorterd.store.store import DATABASE, Store
from sorterd.store.validation import Row, columns_of, valid

_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
_DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)  # the latter when what is wrong names a damaged name


@dataclass(frozen=True, slots=True)
class Repair:
    """Where the damaged database lies now, why it was given up, and the features of how many videos were saved."""

    aside: Path
    reason: str
    features: int


def open_repaired(state_dir: Path, *, now: float) -> tuple[Store, Repair | None]:
    """Open the store; if its file is damaged, put that aside and begin another with the features that are sound.

    Looks closer than every command does, at each value. Raise StoreError for what cannot be repaired this way: in use,
    written by a later version, disk full.
    """
    try:
        return _sound(state_dir), None
    except StoreDamaged as error:
        aside = free_name(state_dir / f"{DATABASE}.damaged-{now:.0f}")
        try:
            for suffix in ("-wal", "-shm", ""):  # SQLite would play the log of the damaged one into the next
                with suppress(FileNotFoundError):
                    (state_dir / (DATABASE + suffix)).rename(aside.with_name(aside.name + suffix))
        except OSError as trouble:
            raise StoreError(f"{error}, and cannot be put aside: {trouble}") from trouble
        store = Store.open(state_dir)
        return store, Repair(aside, str(error), _save_features(aside, store.connection))


def free_name(path: Path) -> Path:
    """Return the path, or if it is taken (two starts in a second, a clock that jumped back), one like it."""
    names = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(name for name in chain([path], names) if not name.exists())


def _sound(state_dir: Path) -> Store:
    """Return the store if every value in it makes sense. Raise StoreDamaged or another StoreError."""
    store = Store.open(state_dir)
    try:
        fault = store.connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if fault == "ok" and not intended_schema() <= schema(store.connection):
            fault = "the description of its tables"
        if fault == "ok":
            tables = [name for (name,) in store.connection.execute(_TABLES)]
            damaged = (name for name in tables if not all(fine for _, fine in _validated(name, store.connection)))
            fault = next((f"a value in the table {name}" for name in damaged), "ok")
    except _DAMAGE as error:
        if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):  # locked, or the disk
            store.close()
            raise StoreError(f"{state_dir / DATABASE} cannot be used: {error}") from error
        fault = str(error)
    if fault != "ok":
        store.close()
        raise StoreDamaged(f"{state_dir / DATABASE} is damaged ({' '.join(fault.split())})")
    return store


def _validated(table: str, connection: sqlite3.Connection) -> Iterator[tuple[Row, bool]]:
    """Yield every row of a table, and whether it makes sense."""
    columns = columns_of(connection, table)
    names = [column.name for column in columns]
    usual, connection.text_factory = connection.text_factory, lambda text: text.decode("utf-8", "surrogateescape")
    try:
        for values in connection.execute(f"SELECT {', '.join(names)} FROM {table}"):
            row = dict(zip(names, values, strict=True))
            yield row, valid(table, columns, row)
    finally:
        connection.text_factory = usual


def _save_features(damaged: Path, connection: sqlite3.Connection) -> int:
    """Copy the features that make sense, up to the first that cannot be read; return how many."""
    names = [column.name for column in columns_of(connection, "features")]
    rows = []
    with suppress(*_DAMAGE), closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)) as source:
        for row, sensible in _validated("features", source):
            if sensible and row.keys() <= set(names):
                rows.append([row.get(name) for name in names])
    with transaction(connection):
        connection.executemany(f"INSERT OR IGNORE INTO features VALUES ({', '.join('?' * len(names))})", rows)
    return len(rows)
