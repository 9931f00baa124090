"""Damage to the database is noticed, also inside a value; the journal says what is true."""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sorterd.library.files import FolderId
from sorterd.prediction import Prediction
from sorterd.store.backlog import Backlog
from sorterd.store.database import StoreDamaged, StoreTooNew
from sorterd.store.features import Features
from sorterd.store.settings import MODEL, PROPERTIES
from sorterd.store.store import DATABASE, Store
from store.journaled import NEW, OURS, THEIRS, StateFolder, fill, knows_what_the_disk_does_not_tell

SPACE = "space-1"
FEATURES = Features(THEIRS.fingerprint, b"\0\0\x80?" * 4, "größer", "de", "speech")
SUMMARY = {"model_type": "knn", "trained_at": "today", "feature_space": SPACE, "label_names": ["cats"]}


def filled(state: StateFolder) -> Store:
    store = state.start()
    fill(store)
    store.features.add(FEATURES, SPACE, now=1.0)
    store.predictions.put(NEW.fingerprint, "model", Prediction("cats", 0.9, (("cats", 0.9),), True, "why"), now=1.0)
    store.notes.put(MODEL, SUMMARY)
    return store


@pytest.fixture
def damaged(state: StateFolder, statement: str) -> StateFolder:
    """In its database one row was changed behind the back of journal and triggers."""
    filled(state)
    state.end()
    with closing(sqlite3.connect(state.database)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        assert connection.execute(statement).rowcount == 1
    return state


def read_all(store: Store) -> None:
    """Everything that a service reads."""
    store.files.known()
    store.files.labels()
    store.files.rejections()
    store.files.held()
    store.files.categories()
    assert all(store.features.get(video, SPACE) for video in store.features.extracted(SPACE))
    backlog = Backlog(store.connection, SPACE)
    backlog.next(now=9.0, limit=9)
    backlog.unpredicted("model", 9)
    store.predictions.all()
    store.journal.latest(9)
    for one in PROPERTIES.values():
        store.notes.get(one)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notes SET value = replace(value, '{', '[') WHERE key = 'model'",
        "UPDATE notes SET value = replace(value, 'feature_space', 'eature_space') WHERE key = 'model'",
        "UPDATE notes SET value = CAST(x'22ff22' AS TEXT) WHERE key = 'videos'",
        "UPDATE features SET vector = x'00000000' || substr(vector, 5)",
        "UPDATE features SET transcript = CAST(x'67f6df' AS TEXT)",
        "UPDATE files SET fingerprint = substr(fingerprint, 2) WHERE source = 'user'",
        "UPDATE files SET source = 'auuo' WHERE source = 'auto'",
        "UPDATE files SET category = 'bats' WHERE source = 'auto'",
        "UPDATE files SET size = 'x' WHERE source = 'auto'",
        "UPDATE moves SET sidecars = '[[\"ours.jpg\"'",
        "UPDATE moves SET reason = CAST(x'ff' AS TEXT)",
        "UPDATE moves SET step = 'dome'",
        "UPDATE moves SET former = '[]'",
        "UPDATE moves SET former = '{\"source\": \"mine\"}'",
        "UPDATE predictions SET top = '[1]'",
        "UPDATE predictions SET confidence = 'high'",
        "UPDATE rejections SET fingerprint = CAST(x'ff' AS TEXT)",
        "UPDATE holds SET fingerprint = 'x'",
        "UPDATE categories SET inode = 'x'",
        "UPDATE files SET path = CAST('bats/ours.mp4' AS BLOB) WHERE source = 'auto'",
    ],
)  # fmt: skip
def test_a_damaged_value_is_noticed_and_what_only_sorterd_knew_survives(damaged: StateFolder, statement: str) -> None:
    store = damaged.start(used_before=True)
    assert "is damaged" in damaged.news[0]
    assert (damaged.folder / f"{DATABASE}.damaged-9").exists()
    read_all(store)
    knows_what_the_disk_does_not_tell(store)
    if "features" not in statement:
        assert store.features.get(THEIRS.fingerprint, SPACE) == FEATURES, "sound features are not extracted again"
    damaged.start(used_before=True)
    assert damaged.news == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE files SET source = 'user' WHERE source = 'auto'",
        "UPDATE files SET path = 'bats/ours.mp4', category = 'bats' WHERE source = 'auto'",
        "UPDATE files SET path = CAST('cats/hers.mp4' AS BLOB) WHERE source = 'user'",
        "UPDATE files SET inode = 8 WHERE source = 'user'",
        "UPDATE moves SET undone = 1",
        """UPDATE moves SET former = '{"source": null, "rejected": [], "held": false, "corrected": [1]}'""",
        "UPDATE moves SET destination = CAST('cats/curs.mp4' AS BLOB)",
        "UPDATE rejections SET category = CAST('cogs' AS BLOB)",
        "UPDATE holds SET fingerprint = replace(fingerprint, 'c', 'b')",
        "DELETE FROM holds",
        "UPDATE notes SET value = '\"/elsewhere\"' WHERE key = 'videos'",
        "UPDATE categories SET inode = 3",
    ],
)  # fmt: skip
def test_a_value_that_is_wrong_but_makes_sense_is_what_the_journal_says(damaged: StateFolder) -> None:
    store = damaged.start(used_before=True)
    knows_what_the_disk_does_not_tell(store)
    assert store.features.get(THEIRS.fingerprint, SPACE) == FEATURES


def test_a_value_damaged_while_it_runs_is_explained(state: StateFolder) -> None:
    store = filled(state)
    reads: list[tuple[str, Callable[[], object]]] = [
        ("UPDATE notes SET value = '{' WHERE key = 'model'", lambda: store.notes.get(MODEL)),
        ("UPDATE moves SET sidecars = '['", lambda: store.journal.latest(1)),
        ("UPDATE predictions SET top = '['", lambda: store.predictions.all()),
    ]
    for statement, read in reads:
        store.connection.execute(statement)
        with pytest.raises(StoreDamaged, match="start it again"):
            read()


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_ends_in_a_traceback_or_a_wrong_label(state: StateFolder, seed: int) -> None:
    filled(state)
    state.end()
    chance = random.Random(seed)
    content = bytearray(state.database.read_bytes())
    if seed % 8 == 0:
        content = content[: chance.randrange(len(content))]
    used = [place for place, byte in enumerate(content) if byte]  # most of a small database is empty
    for place in chance.sample(used, min(len(used), chance.choice([1, 2, 8, 200]))):
        content[place] ^= 1 << chance.randrange(8)
    state.database.write_bytes(content)
    try:
        store = state.start(used_before=True)
    except StoreTooNew:  # the bit was in the schema's number
        return
    read_all(store)
    known = store.files.known().files
    assert [file.source for file in known.values()] == ["auto", "user", None]
    store.files.apply([], {"dogs": FolderId(1, 3)}, now=2.0, watching=True)
    assert "dogs" in store.files.categories()


def index_page(state: StateFolder) -> None:
    with closing(sqlite3.connect(state.database)) as connection:
        find = "SELECT rootpage FROM sqlite_master WHERE name = 'moves_by_content'"
        page, size = (int(connection.execute(query).fetchone()[0]) for query in (find, "PRAGMA page_size"))
    with state.database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


def too_low_a_schema(state: StateFolder) -> None:
    with closing(sqlite3.connect(state.database)) as connection:
        connection.execute("PRAGMA user_version = 1")


@pytest.mark.parametrize("harm", [index_page, too_low_a_schema])
@pytest.mark.parametrize("name", ["videos #1", "what?", "100%", "a%20b", "a%00b"])
def test_structural_damage_costs_no_features_anywhere(
    tmp_path: Path, harm: Callable[[StateFolder], None], name: str
) -> None:
    (tmp_path / name).mkdir()
    state = StateFolder(tmp_path / name)
    filled(state)
    state.end()
    harm(state)
    store = state.start(used_before=True)
    assert "the features of 1 videos were saved from it" in state.news[0]
    assert store.features.get(THEIRS.fingerprint, SPACE) == FEATURES
    state.end()


def test_its_write_ahead_log_goes_aside_with_it(state: StateFolder, tmp_path: Path) -> None:
    store = filled(state)
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.files.hold(OURS.fingerprint, now=2.0)  # in the log
    cut_off = StateFolder(tmp_path / "cut off")
    shutil.copytree(state.folder, cut_off.folder)  # as a power cut leaves it
    os.truncate(cut_off.database, 1000)
    log = Path(f"{cut_off.database}-wal").read_bytes()
    cut_off.start(used_before=True)
    cut_off.end()
    assert (cut_off.folder / f"{DATABASE}.damaged-9-wal").read_bytes() == log


def test_a_damaged_database_without_a_journal_is_said_to_have_cost_what_was_known(state: StateFolder) -> None:
    filled(state)
    state.end()
    index_page(state)
    state.journal.unlink()
    store = state.start(used_before=True)
    assert any("counts as filed by you now" in said for said in state.news)
    assert store.features.get(THEIRS.fingerprint, SPACE) == FEATURES
