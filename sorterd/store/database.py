"""Open the database: settings, migrations, transactions, and the errors for a damaged file."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sorterd.store.schema import MIGRATIONS

BUSY_SECONDS = 10.0
_READS = ("SELECT", "PRAGMA", "ROLLBACK")  # statements that change no rows


class StoreError(Exception):
    """The database cannot be used. The message says why and what to do."""


class StoreDamaged(StoreError):
    """The file is not a sound SQLite database."""


class StoreTooNew(StoreError):
    """The database was written by a later sorterd."""


class Connection(sqlite3.Connection):
    """A connection whose transactions can be watched.

    `begun` is called when a transaction has begun, `ending` before it is committed. `ending` prevents the commit by
    raising. While both are set, a change outside of a transaction gets a transaction of its own.
    """

    begun: Callable[[], None] | None = None
    ending: Callable[[], None] | None = None

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Execute a statement, as `sqlite3` does."""
        return self._watched(sql, partial(super().execute, sql, parameters))

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        """Execute a statement for many parameters, as `sqlite3` does."""
        return self._watched(sql, partial(super().executemany, sql, parameters))

    def _watched(self, sql: str, act: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        if self.begun is None or self.ending is None:
            return act()
        if sql.startswith("BEGIN"):
            self.begun()
        elif sql == "COMMIT":
            self.ending()
        elif not self.in_transaction and not sql.lstrip().startswith(_READS):
            with transaction(self):
                return act()
        return act()


def connect(path: Path) -> Connection:
    """Open the database at `path`, creating or migrating it.

    WAL lets `sorterd status` read while the service writes. `synchronous=FULL` because the journal must be on disk
    before a file is moved, also when the power goes. Raise StoreDamaged, StoreTooNew or StoreError.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS, factory=Connection)
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be used: {error}") from error
    connection.text_factory = lambda text: text.decode("utf-8", "replace")  # a flipped bit must not end in a traceback
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_for_reading(database: Path) -> sqlite3.Connection:
    """Return a connection that cannot change the database. Raise sqlite3.Error.

    Without a write-ahead log beside it the file is complete. It is then opened as immutable, because otherwise SQLite
    would create new files beside it.
    """
    settled = "" if database.with_name(database.name + "-wal").exists() else "&immutable=1"
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro{settled}", uri=True, isolation_level=None)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # Untrusted state folder: a crafted schema must not run functions or virtual tables of its own.
        connection.execute("PRAGMA trusted_schema = OFF")
        migrate(connection, path)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise failure(path, error) from error
    check(connection, path)


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Read the whole database, and raise StoreDamaged if its structure is damaged, or StoreError."""
    try:
        fault = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter if the message quotes a damaged name
        raise failure(path, error) from error
    if fault != "ok":
        raise _damaged(path, fault)


def failure(path: Path, error: Exception) -> StoreError:
    """Return what an error of SQLite says about the database at `path`, and what to do."""
    if isinstance(error, sqlite3.OperationalError) and "unsupported file format" not in str(error):
        busy = "is in use by another program" if "locked" in str(error) else "cannot be used"
        return StoreError(f"{path} {busy}: {why_unusable(error)}")
    return _damaged(path, str(error))


def why_unusable(error: Exception) -> str:
    """Return the reason that the system or SQLite gives, with the remedy if the disk is full."""
    number, reason = (error.errno, error.strerror) if isinstance(error, OSError) else (None, None)
    if number in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in str(error):
        return "its disk is full, or your quota is used up; free some space"
    return reason or str(error)


def _damaged(path: Path, fault: str) -> StoreDamaged:
    return StoreDamaged(f"{path} is damaged ({' '.join(fault.split())}): 'sorterd run' makes it again from the disk")


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the database to the present schema. Raise StoreTooNew or sqlite3.Error."""
    version = _version(connection)
    if version > len(MIGRATIONS):
        raise StoreTooNew(
            f"{path} was written by a newer sorterd (schema {version}, this one knows {len(MIGRATIONS)}): "
            "install that version again, or move the file away to start over (features are extracted again)"
        )
    if version == len(MIGRATIONS):
        return
    steps = ";".join((*MIGRATIONS[version:], f"PRAGMA user_version = {len(MIGRATIONS)}"))
    try:
        connection.executescript(f"BEGIN IMMEDIATE; {steps}; COMMIT;")
    except sqlite3.OperationalError as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if _version(connection) == len(MIGRATIONS):  # another process has done it in the meantime
            return
        if any(sign in str(error) for sign in ("already exists", "duplicate column")):
            raise sqlite3.DatabaseError(f"it is not what it says to be, of schema {version}") from error
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Make all of the changes inside, or none of them. Inside of another transaction it is a part of that."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back when the disk is full
            connection.execute("ROLLBACK")
        raise


def from_json(text: str) -> Any:
    """Return the value of a JSON column. Raise StoreDamaged."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise StoreDamaged(
            f"a value in the database is damaged ({error}): stop sorterd if it runs and start it again; "
            "it makes the database again from the disk"
        ) from error


def to_blob(path: str) -> bytes:
    """Return the bytes on disk of a path or name."""
    return os.fsencode(path)


def from_blob(blob: bytes) -> str:
    """Return the path or name of these bytes."""
    return os.fsdecode(blob)
