"""What only sorterd knows is in the journal, a plain file, before it is in the database.

Everything else can be told from the disk or made again: so the database may be lost at any time. Triggers in the
temporary schema of the process that writes tell each change of the rows of `replay.KEYS`. Before a transaction ends,
they are in the file as one line. Lines are numbered, and the last number is in the database, set in the same
transaction: a database with a lower one has lost something, a journal with a lower one is an old copy.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sorterd.store import journal_file, older_spare
from sorterd.store.database import Connection, StoreError
from sorterd.store.journal_file import JOURNAL, Content, Line
from sorterd.store.notes import Notes
from sorterd.store.older_spare import SPARE
from sorterd.store.repair import free_name
from sorterd.store.replay import KEYS, as_change, condition, gone, restore, rows
from sorterd.store.schema import MIGRATIONS
from sorterd.store.settings import JOURNAL_NUMBER, JOURNAL_OWNER
from sorterd.store.validation import columns_of

LEAST_ROWS = 1000  # fewer are never too many


_WHY = {"foreign": "another library's", "damaged": "damaged", "unclear": "of another version"}
_OURS = {"files": "videos", "moves": "moves", "rejections": "rejections", "holds": "undone videos"}


def attach(connection: Connection, state_dir: Path, *, now: float) -> tuple[list[str], bool]:
    """Make the database what the journal says, and from here on write every change into the journal first.

    For the one process that may write. Return what the user should hear of it, and whether neither the database nor
    the journal knew anything. Raise StoreError.
    """
    path, spare = state_dir / JOURNAL, state_dir / SPARE
    notes = Notes(connection)
    number, owner = notes.get(JOURNAL_NUMBER), notes.get(JOURNAL_OWNER)
    with _explained(path):
        content = journal_file.read(path) or Content()
    with _explained(spare):
        older = older_spare.read(spare, connection)
    if older is not None and (not content.lines or older.number > content.number):
        path, content = spare, older
    foreign = bool(owner) and content.of not in ("", owner)
    damaged = content.damaged > 0
    if foreign:
        content = Content()
    blank = number is None and not content.lines and not _knows_anything(connection)
    restored, invalid = restore(connection, content, number)
    owner, number = owner or content.of or secrets.token_hex(8), max(0, number or 0, content.number)
    notes.keep(JOURNAL_OWNER, owner)
    notes.keep(JOURNAL_NUMBER, number)
    aside, news = None, []
    if damaged or foreign or invalid or content.schema > len(MIGRATIONS):
        # Only now that what it says is in the database: a start that is cut short before finds it where it was.
        why = "foreign" if foreign else "damaged" if damaged else "unclear"
        aside = free_name(path.with_name(f"{path.name}.{why}-{now:.0f}"))
        with _explained(path):
            path.rename(aside)
        news.append(f"the journal is {_WHY[why]}; it now lies at {aside}")
    known = (content.of, content.schema, content.number) == (owner, len(MIGRATIONS), number)
    length, least = sum(len(line.changes) for line in content.lines), sum(1 for _ in rows(connection))
    if aside is not None or path == spare or not known or length > LEAST_ROWS + 4 * least:
        write_whole(connection, state_dir / JOURNAL)
    with _explained(spare):
        spare.unlink(missing_ok=True)
    _Writer(connection, state_dir / JOURNAL).listen()
    if counts := ", ".join(f"{what}: {restored[table]}" for table, what in _OURS.items() if table in restored):
        news.append(f"the database was gone, damaged or behind; from the journal come {counts}")
    if invalid:
        news.append(f"rows of the journal that make no sense to this version were left out: {invalid}")
    return news, blank


def write_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Write a new journal to `path` that says what is in the database now. Raise StoreError."""
    notes = Notes(connection)
    with _explained(path):
        owner, number = notes.get(JOURNAL_OWNER) or "", notes.get(JOURNAL_NUMBER) or 0
        journal_file.replace(path, owner, len(MIGRATIONS), number, rows(connection), sync=_syncs(connection))


Row = tuple[object, ...]


@dataclass(slots=True)
class _Writer:
    """Writes down what the triggers tell: of each row that a transaction changes, how it was and how it is now."""

    connection: Connection
    path: Path
    _columns: dict[str, list[str]] = field(default_factory=dict)
    _changes: dict[tuple[str, Row], tuple[Row | None, Row | None]] = field(default_factory=dict)  # by table and key

    def listen(self) -> None:
        self.connection.create_function("journal_put", -1, self._put)
        self.connection.create_function("journal_drop", -1, self._drop)
        self.connection.execute("PRAGMA recursive_triggers = ON")  # else REPLACE does not tell what it deletes
        for name in KEYS:
            self._columns[name] = columns = [column.name for column in columns_of(self.connection, name)]
            for when, report, side in (
                ("AFTER INSERT", "journal_put", "NEW."),
                ("AFTER DELETE", "journal_drop", "OLD."),
                ("BEFORE UPDATE", "journal_drop", "OLD."),
                ("AFTER UPDATE", "journal_put", "NEW."),
            ):
                self.connection.execute(
                    f"CREATE TEMP TRIGGER journal_{name}_{when.replace(' ', '_').lower()} {when} ON main.{name} "
                    f"WHEN {condition(name, side)} BEGIN "
                    f"SELECT {report}('{name}', {', '.join(side + column for column in columns)}); END"
                )
        self.connection.begun, self.connection.ending = self._changes.clear, self._write

    def _put(self, table: str, *row: object) -> None:
        key = table, row[: len(KEYS[table])]  # which comes first in every table
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
    """Whether the database forces what it writes to disk; then the journal does too."""
    return bool(connection.execute("PRAGMA synchronous").fetchone()[0])


def _knows_anything(connection: sqlite3.Connection) -> bool:
    return any(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("files", "moves"))


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path} cannot be used: {error.strerror or error}") from error
