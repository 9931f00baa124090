"""Opening the store for the one process that may write: mended, brought up to its spare copy, and kept twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sorterd.store.database import Connection
from sorterd.store.notes import Notes
from sorterd.store.rescue import open_rescued
from sorterd.store.spare import SPARE, attach
from sorterd.store.store import Store

LOST = "lost"  # the note that says so
LOST_SECONDS = 30 * 24 * 3600.0  # how long it is worth saying
_OURS = {"files": "files of ours", "moves": "moves", "refusals": "refusals", "holds": "undone videos"}


@dataclass(frozen=True, slots=True)
class Opened:
    """The store, and what the user should hear of how it was found, one sentence each."""

    store: Store
    news: tuple[str, ...]


def open_to_write(state_dir: Path, *, used_before: bool, now: float) -> Opened:
    """Open or create the store in `state_dir`, while holding its lock.

    `used_before`: other things than the database show that this folder was in use. Raise StoreError.
    """
    store, rescue = open_rescued(state_dir, now=now)
    news = []
    if rescue is not None:
        saved = ", ".join(f"{count} {table}" for table, count in rescue.rows.items())
        news.append(f"{rescue.reason}. It now lies at {rescue.aside} and a new one was begun, with {saved} saved")
    try:
        assert isinstance(store.connection, Connection)
        found = attach(store.connection, state_dir / SPARE, now=now)
    except BaseException:
        store.close()
        raise
    if found.aside is not None:
        news.append(f"the spare copy of the database is damaged or another library's; it now lies at {found.aside}")
    counts = {what: found.restored[table] for table, what in _OURS.items() if table in found.restored}
    restored = ", ".join(f"{what}: {count}" for what, count in counts.items())
    if restored:
        news.append(f"the database was gone or had lost its last changes; from its spare copy come {restored}")
    if found.blank and used_before:
        when = datetime.fromtimestamp(now).strftime("%Y-%m-%d %H:%M")
        lost = (
            f"at {when} neither the database nor its spare copy was there: "
            "what sorterd had moved before that counts as filed by you now, and cannot be undone"
        )
        store.notes.put(LOST, {"at": now, "reason": lost})
        news.append(lost)
    return Opened(store, tuple(news))


def lost(notes: Notes, *, now: float) -> str | None:
    """What was lost for good, if that was not long ago."""
    note = notes.get(LOST)
    return str(note["reason"]) if note is not None and now - note["at"] < LOST_SECONDS else None
