"""A damaged database is put aside, and what the disk does not tell is saved from it."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sorterd.changes import Arrived, Gone, KnownFile, Source
from sorterd.library.files import FileId, FolderId
from sorterd.store.rescue import open_rescued
from sorterd.store.store import DATABASE, Store

FILES = [
    KnownFile("cats/ours.mp4", FileId(1, 10, 5, 6), "a" * 32, "auto"),
    KnownFile("cats/theirs.mp4", FileId(1, 11, 5, 6), "b" * 32, "user"),
    KnownFile("new.mp4", FileId(1, 12, 5, 6), "c" * 32, None),
]


def filled(folder: Path) -> None:
    store = Store.open(folder)
    store.files.apply([Arrived(file) for file in FILES], {"cats": FolderId(1, 2)}, now=1.0, watching=False)
    store.files.refuse("c" * 32, "cats", now=1.0)
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()


def damage(folder: Path) -> None:
    """A value that makes no sense, in a database that SQLite finds in order."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute("UPDATE refusals SET fingerprint = 'x'")


def sources(store: Store) -> dict[str, Source | None]:
    return {path: file.source for path, file in store.files.known().files.items()}


def test_a_sound_database_is_just_opened(tmp_path: Path) -> None:
    filled(tmp_path)
    store, rescue = open_rescued(tmp_path, now=9.0)
    assert rescue is None
    assert len(store.files.known().files) == 3
    store.close()


def test_what_was_ours_stays_ours_when_only_an_index_is_damaged(tmp_path: Path) -> None:
    filled(tmp_path)
    store = Store.open(tmp_path)
    find = "SELECT rootpage FROM sqlite_master WHERE name = 'moves_by_content'"
    page, size = (int(store.connection.execute(q).fetchone()[0]) for q in (find, "PRAGMA page_size"))
    store.close()
    with (tmp_path / DATABASE).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    store, rescue = open_rescued(tmp_path, now=9.0)
    assert rescue is not None
    assert rescue.aside.exists()
    assert sources(store) == {file.path: file.source for file in FILES}
    known = store.files.known().files
    assert all(file.fingerprint == "" for file in known.values()), "content is read anew, not believed"
    assert store.files.refusals() == {"c" * 32: frozenset({"cats"})}
    store.close()


@pytest.mark.parametrize("name", ["videos #1", "what?", "100%", "a%20b", "a%00b"])
def test_a_damaged_database_is_saved_whatever_the_state_folder_is_called(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    filled(folder)
    damage(folder)
    store, rescue = open_rescued(folder, now=9.0)
    assert rescue is not None
    assert sources(store) == {file.path: file.source for file in FILES}
    store.close()


@pytest.mark.parametrize("number", [0, 1])
def test_a_number_of_the_schema_that_is_too_low_for_it_is_damage_too(tmp_path: Path, number: int) -> None:
    filled(tmp_path)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        connection.execute(f"PRAGMA user_version = {number}")
    store, rescue = open_rescued(tmp_path, now=9.0)
    assert rescue is not None
    assert sources(store) == {file.path: file.source for file in FILES}
    store.close()


def test_a_video_of_ours_that_is_gone_before_it_is_read_anew_does_no_damage(tmp_path: Path) -> None:
    filled(tmp_path)
    damage(tmp_path)
    store, _ = open_rescued(tmp_path, now=9.0)
    known = store.files.known()
    store.files.apply([Gone(known.files["cats/ours.mp4"])], known.categories, now=9.0, watching=False)
    store.close()
    store, rescue = open_rescued(tmp_path, now=10.0)
    assert rescue is None
    store.close()


@pytest.mark.parametrize("seed", range(20))
def test_any_damage_ends_in_a_database_that_works(tmp_path: Path, seed: int) -> None:
    filled(tmp_path)
    chance = random.Random(seed)
    path = tmp_path / DATABASE
    content = bytearray(path.read_bytes())
    if seed % 4 == 0:
        content = content[: chance.randrange(len(content))]
    for _ in range(chance.choice([1, 10, 200])):
        if content:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    store, rescue = open_rescued(tmp_path, now=9.0)
    store.files.apply([], {"dogs": FolderId(1, 3)}, now=2.0, watching=True)
    assert "dogs" in store.files.categories()
    assert rescue is None or rescue.aside.exists()
    store.close()


def test_its_write_ahead_log_goes_aside_with_it(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    filled(here)
    store = Store.open(here)
    store.files.hold("c" * 32, now=2.0)  # in the log
    for suffix in ("", "-wal"):
        shutil.copy(here / (DATABASE + suffix), there)  # as a power cut leaves them
    store.close()
    os.truncate(there / DATABASE, 1000)
    log = (there / f"{DATABASE}-wal").read_bytes()
    store, rescue = open_rescued(there, now=9.0)
    assert rescue is not None
    assert rescue.aside.with_name(f"{rescue.aside.name}-wal").read_bytes() == log
    store.close()


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"")
    store, rescue = open_rescued(tmp_path, now=9.0)
    assert rescue is None
    assert store.files.known().files == {}
    store.close()
