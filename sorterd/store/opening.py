"""Open the store for the one process that may write: repaired, in agreement with the journal, and journaled."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sorterd.store.anchors import Anchors
from sorterd.store.database import Connection, StoreError
from sorterd.store.journal_file import JOURNAL
from sorterd.store.journaling import attach, write_whole
from sorterd.store.notes import Notes
from sorterd.store.repair import open_repaired
from sorterd.store.settings import LOST
from sorterd.store.store import DATABASE, Store

LONGEST_WAIT = 24 * 3600.0  # nothing is ever put off for longer
A_RIGHT_CLOCK = 1_735_689_600.0  # 2025-01-01: a clock that shows an earlier time is wrong itself
LOST_SECONDS = 30 * 24 * 3600.0  # how long a loss is shown to the user


@dataclass(frozen=True, slots=True)
class Opened:
    """The store, and sentences for the user about what had to be repaired or restored."""

    store: Store
    news: tuple[str, ...]


def open_to_write(state_dir: Path, *, used_before: bool, now: float, held: Iterable[Path] = ()) -> Opened:
    """Open or create the store in `state_dir`. The caller holds its lock.

    `used_before`: something other than the database shows that this folder was in use. `held` are further files that
    must not be replaced while the store is open. Raise StoreError.
    """
    store, repair = open_repaired(state_dir, now=now)
    news = []
    if repair is not None:
        saved = f"the features of {repair.features} videos were saved from it"
        news.append(f"{repair.reason}. It now lies at {repair.aside} and a new one was begun; {saved}")
    try:
        assert isinstance(store.connection, Connection)
        found, blank = attach(store.connection, state_dir, now=now)
        forget_the_future(store.connection, now=now)
    except BaseException:
        store.close()
        raise
    news += found
    if blank and used_before:
        when = datetime.fromtimestamp(now).strftime("%Y-%m-%d %H:%M")
        lost = (
            f"at {when} neither the database nor its journal was there: "
            "what sorterd had moved before that counts as filed by you now, and cannot be undone"
        )
        store.notes.put(LOST, {"at": now, "reason": lost})
        news.append(lost)
    own = (state_dir / name for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", JOURNAL))
    return Opened(replace(store, anchors=Anchors.of((*held, *own))), tuple(news))


def save_what_is_gone(store: Store, state_dir: Path) -> None:
    """Write a new journal for the next start if both the database and the journal of this open store were deleted.

    If another file lies in the place of either by now, nothing is written. Raise StoreError.
    """
    if any((state_dir / name).exists() for name in (DATABASE, JOURNAL)):
        return
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{state_dir} cannot be made again: {error.strerror}") from error
    write_whole(store.connection, state_dir / JOURNAL)


def lost(notes: Notes, *, now: float) -> str | None:
    """Return what was lost for good in the last LOST_SECONDS, None if nothing was."""
    note = notes.get(LOST)
    return str(note["reason"]) if note is not None and now - note["at"] < LOST_SECONDS else None


def forget_the_future(connection: sqlite3.Connection, *, now: float) -> None:
    """Make retries that lie too far ahead due now. Date labels from the future to now, unless this clock is wrong."""
    for table in ("failures", "unreadable"):
        connection.execute(f"UPDATE {table} SET retry_at = ? WHERE retry_at > ?", (now, now + LONGEST_WAIT))
    if now > A_RIGHT_CLOCK:
        connection.execute("UPDATE files SET labelled_at = ? WHERE labelled_at > ?", (now, now + LONGEST_WAIT))
