"""A second copy of what only the database knows: who has put which file into its folder, what was taken out of one, and
the journal.

Everything else can be told from the disk or made again. A database that is deleted, emptied, or has lost its last
changes with its write-ahead log would make every file of ours one that the user has filed; with this copy it does not.
Files of the user's are in it as well: whoever takes one out of a folder before the next look says "not this one".

Triggers in the temporary schema of the one who writes tell each change of the rows that are worth it. When the change
is committed, and before the statement returns, it is in the file too: so a move that the journal announces is in both
before it happens. Each change has a number, of which the last is in the database, in the same transaction: a database
with a lower number than the file's has lost something.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sorterd.store import spare_file
from sorterd.store.database import Connection, StoreError
from sorterd.store.notes import Notes
from sorterd.store.rescue import free_name
from sorterd.store.schema import MIGRATIONS
from sorterd.store.spare_file import Change, Commit, Content, Row
from sorterd.store.spare_rows import TABLES, count, key_of, restore, rows

SPARE = "sorterd.spare"
NUMBER, OWNER = "spare", "spare_of"  # notes
LEAST_LINES = 1000  # fewer are never too many


@dataclass(frozen=True, slots=True)
class SpareFound:
    """What the copy was good for: `restored` says how many rows of each table were put back. `aside` is where a file
    lies now that was damaged or is another library's. `blank`: neither the database nor the copy knew anything.
    `senseless` rows were left out: they make no sense in a database of this schema. `keeper` keeps the copy from now
    on."""

    restored: dict[str, int]
    senseless: int
    aside: Path | None
    blank: bool
    keeper: Keeper


def attach(connection: Connection, path: Path, *, now: float) -> SpareFound:
    """Bring the database up to what the copy at `path` knows, and from here on keep the copy up to the database.

    For the one process that may write. Raise StoreError.
    """
    notes = Notes(connection)
    number, owner = notes.get(NUMBER), notes.get(OWNER)
    content = _read(path)
    foreign = content is not None and bool(owner) and content.of not in ("", owner)
    damaged = content is not None and content.damaged > 0
    if content is None or foreign:
        content = Content()
    blank = number is None and not content.commits and not _knows_anything(connection)
    restored, senseless = restore(connection, content, after=-1 if number is None else number)
    if owner is None or number is None or number < content.number:
        notes.put(OWNER, owner or content.of or secrets.token_hex(8))
        notes.put(NUMBER, max(0, number or 0, content.number))
    aside = None
    if damaged or foreign or senseless or content.schema > len(MIGRATIONS):
        # Only now that what it says is in the database: whoever is cut short before finds it where it was.
        why = "foreign" if foreign else "damaged" if damaged else "unclear"
        aside = free_name(path.with_name(f"{path.name}.{why}-{now:.0f}"))
        with _explained(path):
            path.rename(aside)
    keeper = Keeper(connection, path)
    keeper.begin(content if aside is None else Content())
    return SpareFound(restored, senseless, aside, blank, keeper)


def write_anew(connection: Connection, path: Path) -> None:
    """Write the whole copy to `path`, in place of what is there. Raise StoreError."""
    notes = Notes(connection)
    commits = [Commit.of(notes.get(NUMBER), rows(connection))]
    with _explained(path):
        spare_file.write_anew(path, notes.get(OWNER), len(MIGRATIONS), commits, sync=_syncs(connection))


@dataclass(slots=True)
class Keeper:
    """Writes down what the triggers tell. The file only grows meanwhile, until `shorten` is called."""

    connection: Connection
    path: Path
    _behind: bool = False
    _written: int = 0  # rows in the file, of which later ones may stand for the same as earlier ones
    _news: dict[tuple[str, Row], tuple[Row | None, Row | None]] = field(default_factory=dict)

    def begin(self, content: Content) -> None:
        """Write the file anew unless `content`, which is in it, is as good; then listen."""
        self._written = sum(len(commit.plain) for commit in content.commits)
        notes = Notes(self.connection)
        fits = (content.of, content.schema, content.number) == (notes.get(OWNER), len(MIGRATIONS), notes.get(NUMBER))
        if fits:
            self.shorten()
        else:
            self._write_anew(at_once=True)
        self._listen()

    def shorten(self) -> bool:
        """Write the file anew if most of it is out of date; whether it was. Raise StoreError."""
        too_long = self._written > LEAST_LINES + 4 * count(self.connection)
        return too_long and self._write_anew()

    def _write_anew(self, *, at_once: bool = False) -> bool:
        # What is in the file is not told again, so it must be in the database even if its log is lost.
        busy, *_ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy and not at_once:
            return False  # somebody reads the database just now: another time
        write_anew(self.connection, self.path)
        self._written = count(self.connection)
        return True

    def _listen(self) -> None:
        self.connection.create_function("spare_put", -1, self._put)
        self.connection.create_function("spare_drop", -1, self._drop)
        self.connection.execute("PRAGMA recursive_triggers = ON")  # else REPLACE does not tell what it deletes
        for name, table in TABLES.items():
            columns = [column for _, column, *_ in self.connection.execute(f"PRAGMA main.table_info({name})")]
            for when, tell, side in (
                ("AFTER INSERT", "spare_put", "NEW."),
                ("AFTER DELETE", "spare_drop", "OLD."),
                ("BEFORE UPDATE", "spare_drop", "OLD."),
                ("AFTER UPDATE", "spare_put", "NEW."),
            ):
                values = ", ".join(side + column for column in columns)
                self.connection.execute(
                    f"CREATE TEMP TRIGGER spare_{name}_{when.replace(' ', '_').lower()} {when} ON main.{name} "
                    f"WHEN {table.worth.format(side)} BEGIN "
                    f"UPDATE notes SET value = value + 1 WHERE key = '{NUMBER}'; "
                    f"SELECT {tell}('{name}', {values}); END"
                )
        self.connection.ended = self._ended

    def _put(self, table: str, *row: object) -> None:
        before, _ = self._news.get((table, key_of(table, row)), (None, None))
        self._news[table, key_of(table, row)] = (before, row)

    def _drop(self, table: str, *row: object) -> None:
        before, _ = self._news.get((table, key_of(table, row)), (row, None))
        self._news[table, key_of(table, row)] = (before, None)

    def _ended(self, kept: bool) -> None:
        news, self._news = self._news, {}
        changes = tuple(Change(table, key, now) for (table, key), (was, now) in news.items() if was != now)
        if kept and changes:
            commit = Commit.of(Notes(self.connection).get(NUMBER), changes)
            self._written += len(changes)
            if self._behind:  # a line after the gap would hide it from the next start
                raise StoreError(f"{self.path} has missed a change; the next start writes it anew")
            self._behind = True
            with _explained(self.path):
                spare_file.append(self.path, commit, sync=_syncs(self.connection))
            self._behind = False


def _read(path: Path) -> Content | None:
    with _explained(path):
        return spare_file.read(path)


def _syncs(connection: Connection) -> bool:
    """Whether the database forces what it writes to disk; then the copy does too."""
    return bool(connection.execute("PRAGMA synchronous").fetchone()[0])


def _knows_anything(connection: Connection) -> bool:
    return any(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("files", "moves"))


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path} cannot be used: {error.strerror or error}") from error
