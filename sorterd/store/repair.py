"""Put a damaged database aside and begin another.

The journal restores what cannot be made again. Of the rest, only the features are expensive enough to be copied from
the damaged database.
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
_DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)  # the latter if the message quotes a damaged name


@dataclass(frozen=True, slots=True)
class Repair:
    """Where the damaged database lies now, why it was given up, and how many videos' features were saved."""

    aside: Path
    reason: str
    features: int


def open_repaired(state_dir: Path, *, now: float) -> tuple[Store, Repair | None]:
    """Open the store. If its file is damaged, put that aside and begin another with the valid features.

    Unlike `Store.open`, this checks every value. Raise StoreError for what cannot be repaired this way: in use,
    written by a later version, disk full.
    """
    try:
        return _sound(state_dir), None
    except StoreDamaged as error:
        aside = free_name(state_dir / f"{DATABASE}.damaged-{now:.0f}")
        try:
            for suffix in ("-wal", "-shm", ""):  # SQLite would apply the log of the damaged database to the next one
                with suppress(FileNotFoundError):
                    (state_dir / (DATABASE + suffix)).rename(aside.with_name(aside.name + suffix))
        except OSError as trouble:
            raise StoreError(f"{error}, and cannot be put aside: {trouble}") from trouble
        store = Store.open(state_dir)
        return store, Repair(aside, str(error), _save_features(aside, store.connection))


def free_name(path: Path) -> Path:
    """Return the path, or one like it if it is taken (two starts in a second, a clock that jumped back)."""
    names = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(name for name in chain([path], names) if not name.exists())


def _sound(state_dir: Path) -> Store:
    """Return the store if every value in it is valid. Raise StoreDamaged or another StoreError."""
    store = Store.open(state_dir)
    try:
        fault = store.connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if fault == "ok" and not intended_schema() <= schema(store.connection):
            fault = "the description of its tables"
        if fault == "ok":
            tables = [name for (name,) in store.connection.execute(_TABLES)]
            damaged = (
                name for name in tables if not all(is_valid for _, is_valid in _validated(name, store.connection))
            )
            fault = next((f"a value in the table {name}" for name in damaged), "ok")
    except _DAMAGE as error:
        if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):  # locked, or a disk error
            store.close()
            raise StoreError(f"{state_dir / DATABASE} cannot be used: {error}") from error
        fault = str(error)
    if fault != "ok":
        store.close()
        raise StoreDamaged(f"{state_dir / DATABASE} is damaged ({' '.join(fault.split())})")
    return store


def _validated(table: str, connection: sqlite3.Connection) -> Iterator[tuple[Row, bool]]:
    """Yield every row of a table, and whether it is valid."""
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
    """Copy the valid features, up to the first row that cannot be read. Return how many."""
    names = [column.name for column in columns_of(connection, "features")]
    rows = []
    with suppress(*_DAMAGE), closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)) as source:
        for row, is_valid in _validated("features", source):
            if is_valid and row.keys() <= set(names):
                rows.append([row.get(name) for name in names])
    with transaction(connection):
        connection.executemany(f"INSERT OR IGNORE INTO features VALUES ({', '.join('?' * len(names))})", rows)
    return len(rows)
