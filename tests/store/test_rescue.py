"""A damaged database is put aside, and what the disk does not tell is saved from it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sorterd.changes import Arrived, KnownFile
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
    known = store.files.known().files
    assert {path: file.source for path, file in known.items()} == {file.path: file.source for file in FILES}
    assert all(file.fingerprint == "" for file in known.values()), "content is read anew, not believed"
    assert store.files.refusals() == {"c" * 32: frozenset({"cats"})}
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


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"")
    store, rescue = open_rescued(tmp_path, now=9.0)
    assert rescue is None
    assert store.files.known().files == {}
    store.close()
