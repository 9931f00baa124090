"""Opening the database: settings, migrations, transactions, and what is said when it is damaged."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sorterd.store.schema import MIGRATIONS


class StoreError(Exception):
    """The database cannot be used; the message says why and what to do."""


class StoreDamaged(StoreError):
    """The file is not a sound SQLite database."""


class StoreTooNew(StoreError):
    """The database was written by a later sorterd."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the database at `path`, creating or migrating it.

    WAL lets `sorterd status` read while the service writes. `synchronous=FULL` because the journal must be on disk
    before a file is moved, also when the power goes. Raise StoreDamaged or StoreTooNew.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # Untrusted state folder: a crafted schema must not run functions or virtual tables of its own.
        connection.execute("PRAGMA trusted_schema = OFF")
        _migrate(connection, path)
        fault = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            raise StoreError(f"{path} is in use by another program: {error}") from error
        raise StoreDamaged(f"{path} is not a sound database ({error})") from error
    if fault != "ok":
        connection.close()
        raise StoreDamaged(f"{path} is not a sound database ({fault})")
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        connection.close()
        raise StoreTooNew(
            f"{path} was written by a newer sorterd (schema {version}, this one knows {len(MIGRATIONS)}): "
            "install that version again, or move the file away to start over (features are extracted again)"
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the statements inside, or none of them."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def to_blob(path: str) -> bytes:
    """A path or name as its bytes on disk."""
    return os.fsencode(path)


def from_blob(blob: bytes) -> str:
    """The path or name of these bytes."""
    return os.fsdecode(blob)
