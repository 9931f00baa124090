"""Open the store to read it only: at once, also where it is large, because the whole file is not checked first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from operator import methodcaller
from pathlib import Path

from sorterd.store.database import check, connect, connect_for_reading, failure, migrate
from sorterd.store.schema import MIGRATIONS
from sorterd.store.store import DATABASE, Store


def is_older(state_dir: Path) -> bool:
    """Return whether there is a database of an older schema."""
    path = state_dir / DATABASE
    with suppress(sqlite3.Error), closing(connect_for_reading(path)) as connection:  # opening it will report that
        return path.exists() and int(connection.execute("PRAGMA user_version").fetchone()[0]) < len(MIGRATIONS)
    return False


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

    A database of an older schema may be that of a service of the older version, which still runs. So a temporary copy
    is migrated instead. Raise StoreError (one of a newer schema is refused) or sqlite3.Error.
    """
    path = state_dir / DATABASE
    if not path.exists():
        return Store(connect(Path(":memory:")))
    connection = connect_for_reading(path)
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] != len(MIGRATIONS):
            with closing(connection) as older:
                connection = sqlite3.connect("", isolation_level=None)  # a file that SQLite removes when it is closed
                older.backup(connection)
            migrate(connection, path)
        connection.text_factory = methodcaller("decode", "utf-8", "replace")  # as in `connect`, but not Python
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return Store(connection)
