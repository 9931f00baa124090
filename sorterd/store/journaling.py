"""Write each change that only sorterd knows into the journal, a plain file, before it is in the database.

Everything else can be read from the disk or made again, so the database may be lost at any time. Temporary triggers on
the tables of `replay.KEYS` report each changed row. Before a transaction is committed, its changes are in the file as
one line. Lines are numbered, and the same transaction sets the last number in the database. A database with a lower
number than the journal has lost something. A journal with a lower number than the database is an old copy.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sorterd.store import journal_file, older_spare
from sorterd.store.anchors import StateGone
from sorterd.store.database import Connection, StoreError, why_unusable
from sorterd.store.journal_file import JOURNAL, SPARE, Content, Line
from sorterd.store.listening import RowChange, listen
from sorterd.store.notes import Notes
from sorterd.store.repair import free_name
from sorterd.store.replay import KEYS, as_change, condition, gone, restore, rows
from sorterd.store.schema import MIGRATIONS
from sorterd.store.settings import JOURNAL_NUMBER, JOURNAL_OWNER
from sorterd.store.validation import columns_of

LEAST_ROWS = 1000  # a shorter journal is never rewritten

_WHY = {"foreign": "another library's", "damaged": "damaged", "unclear": "of another version"}
_OURS = {"files": "videos", "moves": "moves", "rejections": "rejections", "holds": "undone videos"}


def attach(connection: Connection, state_dir: Path, *, now: float) -> tuple[list[str], bool]:
    """Make the database agree with the journal. From then on write every change into the journal first.

    Only the process that holds the lock may call this. Return sentences for the user about what was restored, and
    whether neither the database nor the journal knew anything. Raise StoreError.
    """
    journal, spare = state_dir / JOURNAL, state_dir / SPARE
    path, content = _latest(journal, spare, connection)
    notes = Notes(connection)
    number, owner = notes.get(JOURNAL_NUMBER), notes.get(JOURNAL_OWNER)
    foreign, damaged = bool(owner) and content.of not in ("", owner), content.damaged > 0
    if foreign:
        content = Content()
    blank = number is None and not content.lines and not _knows_anything(connection)
    restored, invalid = restore(connection, content, number)
    owner, number = owner or content.of or secrets.token_hex(8), max(0, number or 0, content.number)
    notes.keep(JOURNAL_OWNER, owner)
    notes.keep(JOURNAL_NUMBER, number)
    # A journal is put aside only now that its content is in the database: a start may be cut short at any time.
    unclear = bool(invalid) or content.schema > len(MIGRATIONS)
    why = "foreign" if foreign else "damaged" if damaged else "unclear" if unclear else None
    aside = _put_aside(path, why, now) if why else None
    continues = (content.of, content.schema, content.number) == (owner, len(MIGRATIONS), number)
    if why or path == spare or not continues or _is_long(content, connection):
        write_whole(connection, journal)
    with _explained(spare):
        spare.unlink(missing_ok=True)
    _Writer(connection, journal).listen()
    return list(_news(aside, why, restored, invalid)), blank


def _latest(journal: Path, spare: Path, connection: Connection) -> tuple[Path, Content]:
    """Return the journal and its content, or the copy that an earlier version kept if that is all there is or later."""
    with _explained(journal):
        content = journal_file.read(journal) or Content()
    with _explained(spare):
        older = older_spare.read(spare, connection)
    if older is not None and (not content.lines or older.number > content.number):
        return spare, older
    return journal, content


def _put_aside(path: Path, why: str, now: float) -> Path:
    aside = free_name(path.with_name(f"{path.name}.{why}-{now:.0f}"))
    with _explained(path):
        path.rename(aside)
    return aside


def _is_long(content: Content, connection: Connection) -> bool:
    """Return whether the journal has several times as many changes as there are rows."""
    return sum(len(line.changes) for line in content.lines) > LEAST_ROWS + 4 * sum(1 for _ in rows(connection))


def _news(aside: Path | None, why: str | None, restored: Mapping[str, int], invalid: int) -> Iterator[str]:
    if why:
        yield f"the journal is {_WHY[why]}; it now lies at {aside}"
    if counts := ", ".join(f"{what}: {restored[table]}" for table, what in _OURS.items() if table in restored):
        yield f"the database was gone, damaged or behind; from the journal come {counts}"
    if invalid:
        yield f"rows of the journal that are invalid in this version were left out: {invalid}"


def write_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Write a new journal of all that is in the database now to `path`. Raise StoreError."""
    notes = Notes(connection)
    with _explained(path):
        owner, number = notes.get(JOURNAL_OWNER) or "", notes.get(JOURNAL_NUMBER) or 0
        journal_file.replace(path, owner, len(MIGRATIONS), number, rows(connection), sync=_syncs(connection))


Row = tuple[object, ...]


@dataclass(slots=True)
class _Writer:
    """Appends to the journal what the triggers report: each row of a transaction, before and after it."""

    connection: Connection
    path: Path
    _columns: dict[str, list[str]] = field(default_factory=dict)
    _changes: dict[tuple[str, Row], tuple[Row | None, Row | None]] = field(default_factory=dict)  # by table and key

    def listen(self) -> None:
        self._columns = {table: [one.name for one in columns_of(self.connection, table)] for table in KEYS}
        listen(self.connection, "journal_put", self._put, self._rows("NEW.", "AFTER INSERT", "AFTER UPDATE"))
        listen(self.connection, "journal_drop", self._drop, self._rows("OLD.", "AFTER DELETE", "BEFORE UPDATE"))
        self.connection.begun, self.connection.ending = self._changes.clear, self._write

    def _rows(self, side: str, *events: str) -> list[RowChange]:
        return [
            RowChange(
                table, event, ", ".join((f"'{table}'", *(side + column for column in columns))), condition(table, side)
            )
            for table, columns in self._columns.items()
            for event in events
        ]

    def _put(self, table: str, *row: object) -> None:
        key = table, row[: len(KEYS[table])]  # the key columns come first in every table
        before, _ = self._changes.get(key, (None, row))
        self._changes[key] = (before, row)

    def _drop(self, table: str, *row: object) -> None:
        key = table, row[: len(KEYS[table])]
        before, _ = self._changes.get(key, (row, None))
        self._changes[key] = (before, None)

    def _write(self) -> None:
        changes = tuple(
            as_change(table, self._columns[table], now) if now else gone(as_change(table, self._columns[table], key))
            for (table, key), (before, now) in self._changes.items()
            if before != now
        )
        if changes:
            notes = Notes(self.connection)
            number = (notes.get(JOURNAL_NUMBER) or 0) + 1
            notes.put(JOURNAL_NUMBER, number)
            with _explained(self.path):
                journal_file.append(self.path, Line(number, changes), sync=_syncs(self.connection))


def _syncs(connection: sqlite3.Connection) -> bool:
    """Return whether the database forces its writes to disk. The journal then does too."""
    return bool(connection.execute("PRAGMA synchronous").fetchone()[0])


def _knows_anything(connection: sqlite3.Connection) -> bool:
    return any(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("files", "moves"))


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:  # its folder is gone
        raise StateGone.at(path) from error
    except OSError as error:
        raise StoreError(f"{path} cannot be used: {why_unusable(error)}") from error
