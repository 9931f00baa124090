"""A damaged database is put aside and made anew: from the disk, and from what can still be read of the old one.

Labels lie on the disk, as folders. What only the database knew is which of them were ours, what the user refused, and
the journal; that is taken over row by row as far as it reads. Features are not: a flipped bit in a vector would go
unnoticed, and they can be extracted again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sorterd.store.database import StoreDamaged, transaction
from sorterd.store.store import DATABASE, Store

# A file's own record is taken over without its content and identity: so it is read again, and keeps its label's source.
_TAKEN_OVER = {
    "files": "SELECT path, '', category, source, 0, 0, -1, 0, labelled_at, 0 FROM files",
    "refusals": "SELECT fingerprint, category, at FROM refusals",
    "holds": "SELECT fingerprint, at FROM holds",
    "moves": "SELECT id, kind, NULL, fingerprint, source, destination, sidecars, device, inode, size, mtime_ns, "
    "step, confidence, reason, at, undone, corrected FROM moves",
}


@dataclass(frozen=True, slots=True)
class Rescue:
    """Where the damaged database lies now, why it was given up, and how many rows of each table were taken over."""

    aside: Path
    reason: str
    rows: dict[str, int]


def open_rescued(state_dir: Path, *, now: float) -> tuple[Store, Rescue | None]:
    """Open the store; if its file is damaged, put that aside and start anew with what can be saved.

    Raise StoreError for what cannot be mended this way: in use, written by a later version, disk full.
    """
    try:
        return Store.open(state_dir), None
    except StoreDamaged as error:
        aside = state_dir / f"{DATABASE}.damaged-{now:.0f}"
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                (state_dir / (DATABASE + suffix)).rename(aside.with_name(aside.name + suffix))
        store = Store.open(state_dir)
        rows = {table: _take_over(table, query, aside, store) for table, query in _TAKEN_OVER.items()}
        return store, Rescue(aside, str(error), rows)


def _take_over(table: str, query: str, aside: Path, store: Store) -> int:
    saved = 0
    with transaction(store.connection):
        for row in _readable(query, aside):
            marks = ", ".join("?" * len(row))
            try:
                store.connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
            except sqlite3.IntegrityError:  # what was read makes no sense here
                continue
            saved += 1
    return saved


def _readable(query: str, database: Path) -> Iterator[tuple[object, ...]]:
    """The rows up to the first that cannot be read."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            yield from connection.execute(query)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return
