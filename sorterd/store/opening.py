"""Opening the store for the one process that may write: mended, brought up to its spare copy, and kept twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sorterd.store.anchors import Anchors
from sorterd.store.clock import forget_the_future
from sorterd.store.database import Connection, StoreError
from sorterd.store.notes import Notes
from sorterd.store.rescue import open_rescued
from sorterd.store.spare import SPARE, Keeper, attach, write_anew
from sorterd.store.store import DATABASE, Store

LOST = "lost"  # the note that says so
LOST_SECONDS = 30 * 24 * 3600.0  # how long it is worth saying
_OURS = {"files": "filed videos", "moves": "moves", "refusals": "refusals", "holds": "undone videos"}


@dataclass(frozen=True, slots=True)
class Opened:
    """The store, and what the user should hear of how it was found, one sentence each."""

    store: Store
    news: tuple[str, ...]
    keeper: Keeper

    def shorten_spare(self) -> None:
        """Write the spare copy anew if it is too long. Raise StoreError, StateGone if it is not ours any more."""
        self.store.check()
        if self.keeper.shorten():
            self.store.anchors.renewed(self.keeper.path)


def open_to_write(state_dir: Path, *, used_before: bool, now: float, held: Iterable[Path] = ()) -> Opened:
    """Open or create the store in `state_dir`, while holding its lock.

    `used_before`: other things than the database show that this folder was in use. `held` are files that must stay
    what they are, besides the store's own. Raise StoreError.
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
    forget_the_future(store.connection, now=now)
    if found.aside is not None:
        news.append(f"the spare copy of the database is damaged or another library's; it now lies at {found.aside}")
    counts = {what: found.restored[table] for table, what in _OURS.items() if table in found.restored}
    restored = ", ".join(f"{what}: {count}" for what, count in counts.items())
    if restored:
        news.append(f"the database was gone or had lost its last changes; from its spare copy come {restored}")
    if found.senseless:
        news.append(f"rows of the spare copy that make no sense to this version were left out: {found.senseless}")
    if found.blank and used_before:
        when = datetime.fromtimestamp(now).strftime("%Y-%m-%d %H:%M")
        lost = (
            f"at {when} neither the database nor its spare copy was there: "
            "what sorterd had moved before that counts as filed by you now, and cannot be undone"
        )
        store.notes.put(LOST, {"at": now, "reason": lost})
        news.append(lost)
    own = (state_dir / name for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", SPARE))
    return Opened(replace(store, anchors=Anchors.of((*held, *own))), tuple(news), found.keeper)


def save_what_is_gone(store: Store, state_dir: Path) -> None:
    """If the database and its copy were taken away from under this store, leave the next start at least the copy.

    Files that lie in their place by now are left alone. Raise StoreError.
    """
    if any((state_dir / name).exists() for name in (DATABASE, SPARE)):
        return
    assert isinstance(store.connection, Connection)
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{state_dir} cannot be made again: {error.strerror}") from error
    write_anew(store.connection, state_dir / SPARE)


def lost(notes: Notes, *, now: float) -> str | None:
    """What was lost for good, if that was not long ago."""
    note = notes.get(LOST)
    return str(note["reason"]) if note is not None and now - note["at"] < LOST_SECONDS else None
