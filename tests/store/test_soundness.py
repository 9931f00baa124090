"""A value that is damaged inside a database that SQLite finds in order: recognised, and made anew from the disk."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from sorterd.changes import Arrived, Gone, KnownFile
from sorterd.library.files import FileId, FolderId
from sorterd.store.backlog import Backlog
from sorterd.store.database import StoreDamaged, StoreError, StoreTooNew, transaction
from sorterd.store.features import Features
from sorterd.store.predictions import StoredPrediction
from sorterd.store.rescue import Rescue, open_rescued
from sorterd.store.store import Store

OURS, THEIRS, NEW = "a" * 32, "b" * 32, "c" * 32
FILES = [
    KnownFile("cats/ours.mp4", FileId(1, 10, 5, 6), OURS, "auto"),
    KnownFile("cats/theirs.mp4", FileId(1, 11, 5, 6), THEIRS, "user"),
    KnownFile("new.mp4", FileId(1, 12, 5, 6), NEW, None),
]
SPACE = "space-1"
FEATURES = Features(THEIRS, b"\0\0\x80?" * 4, "größer", "de", "speech")
MODEL = {"model_type": "knn", "trained_at": "today", "feature_space": SPACE, "label_names": ["cats"]}


def fill(store: Store) -> None:
    store.files.apply([Arrived(file) for file in FILES], {"cats": FolderId(1, 2)}, now=1.0, watching=False)
    store.files.refuse(NEW, "dogs", now=1.0)
    store.files.hold(NEW, now=1.0)
    store.features.add(FEATURES, SPACE, now=1.0)
    store.predictions.put(StoredPrediction(NEW, "judge", "cats", 0.9, (("cats", 0.9),), True, "why"), now=1.0)
    store.notes.put("model", MODEL)
    store.notes.put("models", "embedded")
    store.notes.put("root", [1, 2])
    number = store.journal.plan(
        kind="sort", fingerprint=OURS, source="ours.mp4", destination="cats/ours.mp4",
        sidecars=(("ours.jpg", "cats/ours.jpg"),), id=FILES[0].id, reason="looks like it", now=1.0, confidence=0.9,
    )  # fmt: skip
    store.journal.step(number, "done")


def damaged(folder: Path, statement: str) -> tuple[Store, Rescue | None]:
    store = Store.open(folder)
    fill(store)
    store.connection.execute("PRAGMA ignore_check_constraints = ON")
    changed = store.connection.execute(statement).rowcount
    assert changed == 1, "the damage is done"
    store.close()
    return open_rescued(folder, now=9.0)


def read_all(store: Store) -> None:
    """Everything that a service reads."""
    store.files.known()
    store.files.labels()
    store.files.refusals()
    store.files.held()
    store.files.categories()
    list(store.features.all(SPACE))
    backlog = Backlog(store.connection, SPACE)
    backlog.next(now=9.0, limit=9)
    backlog.unjudged("judge", 9)
    store.predictions.all()
    store.journal.latest(9)
    for key in ("model", "models", "root"):
        store.notes.get(key)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notes SET value = replace(value, '{', '[') WHERE key = 'model'",
        "UPDATE notes SET value = replace(value, 'feature_space', 'eature_space') WHERE key = 'model'",
        "UPDATE notes SET value = CAST(x'22ff22' AS TEXT) WHERE key = 'models'",
        "UPDATE features SET vector = substr(vector, 2)",
        "UPDATE features SET vector = x'00000000' || substr(vector, 5)",
        "UPDATE features SET transcript = CAST(x'67f6df' AS TEXT)",
        "UPDATE features SET fingerprint = CAST(x'ff' || substr(CAST(fingerprint AS BLOB), 2) AS TEXT)",
        "UPDATE files SET fingerprint = CAST(x'ff' || CAST(fingerprint AS BLOB) AS TEXT) WHERE source = 'user'",
        "UPDATE files SET fingerprint = substr(fingerprint, 2) WHERE source = 'user'",
        "UPDATE files SET source = 'auuo' WHERE source = 'auto'",
        "UPDATE files SET category = 'bats' WHERE source = 'auto'",
        "UPDATE files SET size = 'x' WHERE source = 'auto'",
        "UPDATE files SET labelled_at = 'x' WHERE source = 'auto'",
        "UPDATE moves SET sidecars = '[[\"ours.jpg\"'",
        "UPDATE moves SET sidecars = '{}'",
        "UPDATE moves SET reason = CAST(x'ff' AS TEXT)",
        "UPDATE moves SET step = 'dome'",
        "UPDATE moves SET fingerprint = 'x'",
        "UPDATE predictions SET top = '[['",
        "UPDATE predictions SET top = '[1]'",
        "UPDATE predictions SET confidence = 'high'",
        "UPDATE refusals SET fingerprint = CAST(x'ff' AS TEXT)",
        "UPDATE holds SET fingerprint = 'x'",
        "UPDATE categories SET inode = 'x'",
    ],
)  # fmt: skip
def test_a_damaged_value_is_recognised_and_labels_and_journal_survive(tmp_path: Path, statement: str) -> None:
    store, rescue = damaged(tmp_path, statement)
    assert rescue is not None
    assert rescue.aside.exists()
    assert "damaged" in rescue.reason
    read_all(store)
    known = {path: file.source for path, file in store.files.known().files.items()}
    assert known == {"cats/ours.mp4": "auto", "cats/theirs.mp4": "user", "new.mp4": None}
    if "moves SET fingerprint" not in statement:
        (entry,) = store.journal.of(OURS)
        assert (entry.source, entry.destination) == ("ours.mp4", "cats/ours.mp4")
        # The last one may have been under way: recovery looks where the file is.
        assert entry.step == ("planned" if "step" in statement else "done")
    if "refusals" not in statement:
        assert store.files.refusals() == {NEW: frozenset({"dogs"})}
    if "holds" not in statement:
        assert store.files.held() == {NEW}
    if "features" not in statement:
        assert store.features.get(THEIRS, SPACE) == FEATURES, "sound features are not extracted again"
    if "'models'" not in statement:
        assert store.notes.get("models") == "embedded"
    assert store.notes.get("root") == [1, 2]
    store.close()
    again, rescue = open_rescued(tmp_path, now=10.0)
    assert rescue is None
    again.close()


@pytest.mark.parametrize("table", range(7))
def test_a_rescue_that_is_cut_short_at_any_table_is_begun_again_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: int
) -> None:
    tables = count()

    @contextmanager
    def full_at_that_one(connection: sqlite3.Connection) -> Iterator[None]:
        with transaction(connection):
            if next(tables) == table:
                raise sqlite3.OperationalError("database or disk is full")
            yield

    with monkeypatch.context() as patch:
        patch.setattr("sorterd.store.rescue.transaction", full_at_that_one)
        with pytest.raises(StoreError, match="could not be made anew now: database or disk is full"):
            damaged(tmp_path, "UPDATE holds SET fingerprint = 'x'")
    store, rescue = open_rescued(tmp_path, now=10.0)
    assert rescue is not None
    sources = {path: file.source for path, file in store.files.known().files.items()}
    assert sources == {"cats/ours.mp4": "auto", "cats/theirs.mp4": "user", "new.mp4": None}
    assert store.features.get(THEIRS, SPACE) == FEATURES
    assert store.files.refusals() == {NEW: frozenset({"dogs"})}
    assert len(store.journal.of(OURS)) == 1


def test_a_damaged_label_is_the_users_where_a_move_of_ours_was_corrected(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    fill(store)
    store.connection.execute("UPDATE moves SET corrected = 1")
    store.connection.execute("PRAGMA ignore_check_constraints = ON")
    store.connection.execute("UPDATE files SET source = 'auuo' WHERE source = 'auto'")
    store.close()
    store, rescue = open_rescued(tmp_path, now=9.0)
    assert rescue is not None
    assert store.files.known().files["cats/ours.mp4"].source == "user"
    store.close()


def test_what_comes_back_after_a_rescue_is_still_ours(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    fill(store)
    store.files.apply([Gone(FILES[0])], {"cats": FolderId(1, 2)}, now=2.0, watching=True)
    store.connection.execute("UPDATE notes SET value = '{' WHERE key = 'model'")
    store.close()
    store, rescue = open_rescued(tmp_path, now=9.0)
    assert rescue is not None
    store.files.apply([Arrived(replace(FILES[0], source="user"))], {"cats": FolderId(1, 2)}, now=9.0, watching=True)
    assert store.files.known().files["cats/ours.mp4"].source == "auto"
    store.close()


def test_a_path_that_lost_its_folder_is_found_again_by_its_label(tmp_path: Path) -> None:
    store, rescue = damaged(tmp_path, "UPDATE files SET path = x'626174732f6f7572732e6d7034' WHERE source = 'auto'")
    assert rescue is not None
    assert store.files.known().files["cats/ours.mp4"].source == "auto"
    store.close()


def test_a_value_damaged_while_it_runs_is_explained(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    fill(store)
    reads: list[tuple[str, Callable[[], object]]] = [
        ("UPDATE notes SET value = '{' WHERE key = 'model'", lambda: store.notes.get("model")),
        ("UPDATE moves SET sidecars = '['", lambda: store.journal.latest(1)),
        ("UPDATE predictions SET top = '['", lambda: store.predictions.all()),
    ]
    for statement, read in reads:
        store.connection.execute(statement)
        with pytest.raises(StoreDamaged, match="start it again"):
            read()
    store.close()


@pytest.mark.parametrize("seed", range(40))
def test_no_flipped_bit_ends_in_a_traceback(tmp_path: Path, seed: int) -> None:
    store = Store.open(tmp_path)
    fill(store)
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    path = tmp_path / "sorterd.sqlite3"
    content = bytearray(path.read_bytes())
    chance = random.Random(seed)
    used = [place for place, byte in enumerate(content) if byte]  # most of a small database is empty
    for place in chance.sample(used, chance.choice([1, 2, 8])):
        content[place] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    try:
        store, _ = open_rescued(tmp_path, now=9.0)
    except StoreTooNew:  # the bit was in the schema's number
        return
    read_all(store)
    for path_, file in store.files.known().files.items():
        assert not (path_ == "cats/ours.mp4" and file.source == "user"), "a label that the user did not give"
    store.close()
