"""Open the store to read it only: at once, also where it is large, because the whole file is not checked first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sorterd.store.database import check, connect, connect_for_reading, failure
from sorterd.store.schema import MIGRATIONS
from sorterd.store.store import DATABASE, Store


@contextmanager
def reading(state_dir: Path) -> Iterator[Store]:
    """Give the store in `state_dir`, see `open_to_read`. Damage that is met is said to be damage. Raise StoreError."""
    path = state_dir / DATABASE
    try:
        store = open_to_read(state_dir)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise failure(path, error) from error
    try:
        yield store
    except sqlite3.DatabaseError as error:
        raise failure(path, error) from error
    except (ValueError, TypeError, LookupError, ArithmeticError):  # values that cannot be, or an error in the program
        check(store.connection, path)
        raise
    finally:
        store.close()


def open_to_read(state_dir: Path) -> Store:
    """Return the store in `state_dir`, or an empty one in memory if there is none, so that no file is created.

    A database of another version of the schema is opened like any other: it is migrated, or refused with the remedy.
    Raise StoreError or sqlite3.Error.
    """
    path = state_dir / DATABASE
    if not path.exists():
        return Store.on(connect(Path(":memory:")))
    connection = connect_for_reading(path)
    try:
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")  # as in `connect`, but not Python
        connection.execute("PRAGMA trusted_schema = OFF")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except BaseException:
        connection.close()
        raise
    if version == len(MIGRATIONS):
        return Store.on(connection)
    connection.close()
    return Store.open(state_dir)
