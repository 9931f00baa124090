"""A damaged database is put aside and made anew: from the disk, and from what can still be read of the old one.

Labels lie on the disk, as folders. What only the database knew is which of them were ours, what the user refused, and
the journal; that is taken over row by row as far as it reads and makes sense. Features are, too, where their sum is
right: they are the dearest to make.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from sorterd.store import soundness
from sorterd.store.database import StoreDamaged, StoreError, connect, transaction
from sorterd.store.journal import FORGOTTEN
from sorterd.store.schema import intended_schema, schema
from sorterd.store.soundness import Row
from sorterd.store.store import DATABASE, Store

_MOVES = (
    "SELECT id, kind, undoes, fingerprint, source, destination, sidecars, device, inode, size, mtime_ns, step, "
    "confidence, reason, at, undone, corrected FROM moves"
)
_FEATURES = "SELECT fingerprint, space, vector, transcript, language, audio, at, {} FROM features"
_SIMPLE: dict[str, Callable[[Row], Row | None]] = {
    "refusals": soundness.refusal_row,
    "holds": soundness.hold_row,
    "departed": soundness.departed_row,
    "vacated": soundness.vacated_row,
    "categories": soundness.category_row,
    "notes": soundness.note_row,
    "predictions": soundness.prediction_row,
    "failures": soundness.failure_row,
    "unreadable": soundness.unreadable_row,
    "relocations": soundness.relocation_row,
    "unmoved": soundness.unmoved_row,
}
# What is made anew by itself is not worth believing; nor are folders, as their files are read anew.
_TAKEN_OVER = ("files", "refusals", "holds", "departed", "moves", "features", "notes")
_DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)  # the latter when what is wrong names a damaged name
_KEPT_NOTES = ("models", "videos", "root", "spare_of", FORGOTTEN)


@dataclass(frozen=True, slots=True)
class Rescue:
    """Where the damaged database lies now, why it was given up, and how many rows of each table were taken over."""

    aside: Path
    reason: str
    rows: dict[str, int]


def open_rescued(state_dir: Path, *, now: float) -> tuple[Store, Rescue | None]:
    """Open the store; if its file is damaged, put that aside and start anew with what can be saved.

    Looks closer than every command does, at each value. Raise StoreError for what cannot be mended this way: in use,
    written by a later version, disk full.
    """
    try:
        return _sound(state_dir), None
    except StoreDamaged as error:
        mended = state_dir / f"{DATABASE}.mended"
        try:
            rows = _mend(state_dir / DATABASE, mended)
            aside = free_name(state_dir / f"{DATABASE}.damaged-{now:.0f}")
            _exchange(state_dir / DATABASE, mended, aside)
        except (OSError, sqlite3.Error) as trouble:
            raise StoreError(f"{error}, and could not be made anew now: {trouble}") from trouble
        return Store.open(state_dir), Rescue(aside, str(error), rows)


def _mend(damaged: Path, mended: Path) -> dict[str, int]:
    """Make a new database beside the damaged one. It only gets its place when it is complete: whoever is cut short
    begins again at the next start."""
    for suffix in ("", "-wal", "-shm"):
        mended.with_name(mended.name + suffix).unlink(missing_ok=True)
    store = Store.on(connect(mended))
    with closing(store):
        return {table: _take_over(table, damaged, store) for table in _TAKEN_OVER}


def _exchange(damaged: Path, mended: Path, aside: Path) -> None:
    """The log goes first: SQLite would play that of the damaged database into the mended one."""
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            damaged.with_name(damaged.name + suffix).rename(aside.with_name(aside.name + suffix))
    try:
        aside.hardlink_to(damaged)
    except OSError:  # a file system without hard links
        damaged.rename(aside)
    mended.replace(damaged)


def free_name(path: Path) -> Path:
    """The path, or if it is taken (two starts in a second, a clock that jumped back), one like it that is not."""
    names = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(name for name in chain([path], names) if not name.exists())


def _sound(state_dir: Path) -> Store:
    """The store, if every value in it makes sense. Raise StoreDamaged or another StoreError."""
    store = Store.open(state_dir)
    try:
        usual, store.connection.text_factory = store.connection.text_factory, _as_it_is
        fault = store.connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if fault == "ok" and not intended_schema() <= schema(store.connection):
            fault = "the description of its tables"
        if fault == "ok":
            table = next((table for table in ("files", "moves", "features", *_SIMPLE) if not _clean(table, store)), "")
            fault = f"a value in the table {table}" if table else "ok"
        store.connection.text_factory = usual
    except _DAMAGE as error:
        if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):  # locked, or the disk
            store.close()
            raise StoreError(f"{state_dir / DATABASE} cannot be used: {error}") from error
        fault = str(error)
    if fault != "ok":
        store.close()
        raise StoreDamaged(f"{state_dir / DATABASE} is damaged ({' '.join(fault.split())})")
    return store


def _clean(table: str, store: Store) -> bool:
    return all(row == mended for row, mended in _mended(table, store.connection))


def _take_over(table: str, aside: Path, store: Store) -> int:
    saved = 0
    with transaction(store.connection):
        for row in _readable(table, aside):
            marks = ", ".join("?" * len(row))
            try:
                store.connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
            except (sqlite3.IntegrityError, UnicodeEncodeError):  # what was read makes no sense here
                continue
            saved += 1
    return saved


def _readable(table: str, database: Path) -> Iterator[Row]:
    """The rows up to the first that cannot be read, as far as they are of use."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = _as_it_is
            for _, mended in _mended(table, connection):
                if mended is None or (table == "notes" and mended[0] not in _KEPT_NOTES):
                    continue
                yield _to_read_anew(mended) if table == "files" else mended
    except _DAMAGE:
        return


def _mended(table: str, connection: sqlite3.Connection) -> Iterator[tuple[Row, Row | None]]:
    """Every row of a table, with what it should be."""
    query = f"SELECT * FROM {table}"
    mend = _SIMPLE.get(table)
    if table == "moves":
        query = _MOVES
        latest = max((number for (number,) in _rows(connection, "SELECT id FROM moves")), default=0)
        mend = lambda row: soundness.move_row(row, latest)  # noqa: E731
    elif table == "features":
        columns = {name for _, name, *_ in connection.execute("PRAGMA table_info(features)")}
        query, mend = _FEATURES.format("sum" if "sum" in columns else "NULL"), soundness.features_row
    elif table == "files":
        folders = {name for (name,) in _rows(connection, "SELECT name FROM categories")}
        moved = "SELECT fingerprint FROM moves WHERE kind = 'sort' AND step = 'done' AND NOT undone AND NOT corrected"
        ours = {content for (content,) in _rows(connection, moved)}
        mend = lambda row: soundness.file_row(row, folders, ours)  # noqa: E731
    assert mend is not None
    for row in connection.execute(query):
        yield row, mend(row)


def _rows(connection: sqlite3.Connection, query: str) -> list[Row]:
    """As many as can be read."""
    found: list[Row] = []
    with suppress(*_DAMAGE):
        found.extend(connection.execute(query))
    return found


def _to_read_anew(row: Row) -> Row:
    """A file's record without its content and identity: so it is read again, and keeps its label's source."""
    path, _, category, source, *_, labelled_at, _ = row
    return (path, "", category, source, *soundness.NOWHERE, labelled_at, 0)


def _as_it_is(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")
