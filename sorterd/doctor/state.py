"""Check the state folder and the database in it, without changing them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from sorterd.config import Config
from sorterd.doctor.finding import Finding, ok, problem, warning
from sorterd.features.settings import FeatureSettings
from sorterd.library.network import is_network
from sorterd.pipeline import feature_space
from sorterd.pipeline.unread_words import unread_words
from sorterd.store.database import StoreError, connect_for_reading
from sorterd.store.duplicates import duplicates
from sorterd.store.notes import Notes
from sorterd.store.schema import MIGRATIONS
from sorterd.store.settings import ROOT, VIDEOS
from sorterd.store.store import DATABASE
from sorterd.sync.conversions import plainness

T = TypeVar("T")
LITTLE, TOO_LITTLE = 2**30, 100 * 2**20  # bytes; a model and the embeddings of 10,000 videos take about 100 MB
MOST_NAMED = 20  # duplicate videos
REBUILD = "stop the service and start it again: 'sorterd run' puts it aside and makes it again from the disk"


def check_state(config: Config) -> Iterator[Finding]:
    """Check the folder, its disk and the database."""
    folder = config.state_dir
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    if not folder.exists():
        yield ok("state folder", f"{folder} will be made at the first start")
    else:
        found = folder.stat()
        yield judge_access(folder, found.st_mode, own=found.st_uid == os.geteuid(), writable=os.access(folder, os.W_OK))
    yield judge_space(existing, shutil.disk_usage(existing).free)
    if is_network(existing):
        says = f"{folder} is on a network file system, where databases come to harm"
        yield warning("state disk", says, "set 'state_dir:' to a folder on a disk of this machine")
    if (folder / DATABASE).exists():
        yield from check_database(folder / DATABASE, config.videos)
        yield from check_words(folder / DATABASE, config.feature_settings())


def judge_access(folder: Path, mode: int, *, own: bool, writable: bool) -> Finding:
    """Return whether this user alone can use the folder. It holds transcripts and the names of all videos."""
    if not writable or not own:
        return problem("state folder", f"{folder} is not this user's own", "run it as its owner, or set 'state_dir:'")
    if stat.S_IMODE(mode) & 0o077:
        return warning("state folder", f"{folder} is open to other users", f"type: chmod -R go= '{folder}'")
    return ok("state folder", f"{folder}, for you alone")


def judge_space(folder: Path, free: int) -> Finding:
    """Return whether the database and the model have room to grow. `free` is in bytes."""
    says = f"{free / 2**30:.1f} GB free at {folder}"
    remedy = "make room, or set 'state_dir:' to a folder on another disk"
    if free < TOO_LITTLE:
        return problem("free space", says, remedy)
    return warning("free space", says, remedy) if free < LITTLE else ok("free space", says)


def check_database(database: Path, videos: Path) -> Iterator[Finding]:
    """Check the database, opened for reading only. Nothing is migrated or repaired."""
    try:
        with closing(connect_for_reading(database)) as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            fault = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            yield judge_database(version, len(MIGRATIONS), " ".join(fault.split()))
            if fault == "ok" and version == len(MIGRATIONS):
                yield from judge_copies(duplicates(connection))
                noted, root = Notes(connection).get(VIDEOS), Notes(connection).get(ROOT)
                if noted not in (None, str(videos)) and root != _identity(videos):
                    yield problem(
                        "database",
                        f"it is about {noted}, not about {videos}",
                        "set another 'state_dir:', or if the library was moved, type 'sorterd run --accept-missing'",
                    )
    except (sqlite3.Error, StoreError, ValueError) as error:
        yield problem("database", f"{database} cannot be read: {error}", REBUILD)


def check_words(database: Path, settings: FeatureSettings) -> Iterator[Finding]:
    """Yield a warning if most words of the library are in languages that its models do not read."""
    nothing: list[tuple[str, str]] = []
    for sentence, remedy in _read(database, lambda notes: unread_words(notes, settings), nothing):
        yield warning("words", sentence, remedy) if remedy else ok("words", sentence)


def settled_settings(config: Config) -> FeatureSettings:
    """Return the config's feature settings, with `models: auto` replaced by what this state folder uses, if known."""
    settings, database = config.feature_settings(), config.state_dir / DATABASE
    if not database.exists():
        return settings
    return _read(database, lambda notes: feature_space.settled(notes, settings), settings)


def _read(database: Path, ask: Callable[[Notes], T], otherwise: T) -> T:
    try:
        with closing(connect_for_reading(database)) as connection:
            return ask(Notes(connection))
    except (sqlite3.Error, StoreError, ValueError):  # `check_database` reports it, or the next start migrates it
        return otherwise


def judge_database(version: int, known: int, fault: str) -> Finding:
    """Return whether the database is sound and its schema is known. `fault` is the result of SQLite's quick check."""
    if fault != "ok":
        return problem("database", f"it is damaged: {fault}", REBUILD)
    if version > known:
        says = f"it was written by a newer sorterd (schema {version}, this one knows {known})"
        return problem("database", says, "install that version again, or move the state folder away to start over")
    if version < known:
        return ok("database", f"sound; the next start brings it from schema {version} to {known}")
    return ok("database", f"sound, schema {version}")


def judge_copies(copies: Sequence[Sequence[str]]) -> Iterator[Finding]:
    """Yield the videos that lie in the library more than once. The user decides which to keep."""
    for paths in copies[:MOST_NAMED]:
        yield ok("copies", f"the same video: {', '.join(sorted(paths, key=plainness))}")
    if len(copies) > MOST_NAMED:
        yield ok("copies", f"and {len(copies) - MOST_NAMED:,} more videos, all named by 'sorterd status --json'")


def _identity(folder: Path) -> list[int]:
    found = folder.stat()
    return [found.st_dev, found.st_ino]
