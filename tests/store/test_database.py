"""Opening the database: made, migrated, or refused with a reason that helps."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from support.rows import SPACE, features, fill, known, prediction

from sorterd.store.database import Connection, StoreDamaged, StoreError, StoreTooNew, connect, transaction
from sorterd.store.features import Features
from sorterd.store.reading import reading
from sorterd.store.schema import MIGRATIONS
from sorterd.store.settings import LEARNED_NOTHING, MODEL, UPDATE_BEGAN
from sorterd.store.store import DATABASE, Store


def filled(folder: Path) -> Path:
    """A closed database with a little of everything; its path."""
    folder.mkdir(exist_ok=True)
    store = Store.open(folder)
    fill(store, *(known(f"{name}/{nr}.mp4", f"{name}{nr}") for name in ("cats", "dogs") for nr in range(40)))
    fill(store, known("new.mp4", "new"))
    store.features.add(features("cats1", transcript="a cat"), SPACE, now=1.0)
    store.features.fail("dogs1", "no video in it", attempts=1, retry_at=2.0, failed=True)
    store.predictions.put(*prediction("new"), now=1.0)
    store.notes.put(MODEL, {"model_type": "knn"})
    store.close()
    return folder / DATABASE


@pytest.mark.usefixtures("synced")
def test_a_new_database_has_had_all_migrations(tmp_path: Path) -> None:
    connection = connect(tmp_path / DATABASE)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "FULL: the journal is on disk before we move"
    connection.close()


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = filled(tmp_path)
    before = path.read_bytes()
    connect(path).close()
    assert path.read_bytes() == before


def test_an_older_database_gets_the_migrations_that_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path)
    later = (*MIGRATIONS, "ALTER TABLE files ADD COLUMN colour TEXT; CREATE TABLE extra (a)")
    monkeypatch.setattr("sorterd.store.database.MIGRATIONS", later)
    connection = connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(later),)
    assert connection.execute("SELECT count(*), count(colour) FROM files").fetchone() == (81, 0)
    connection.close()


@pytest.mark.parametrize(("migration", "kind"), [("moves_with_followers", "follow"), ("moves_with_filed", "file")])
def test_a_journal_from_before_there_was_another_kind_of_move_keeps_every_move(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, migration: str, kind: str
) -> None:
    before = next(number for number, script in enumerate(MIGRATIONS) if migration in script)
    path = tmp_path / DATABASE
    with monkeypatch.context() as patch:
        patch.setattr("sorterd.store.database.MIGRATIONS", MIGRATIONS[:before])
        old = connect(path)
    columns = "(kind, undoes, fingerprint, source, destination, sidecars, device, inode, size, mtime_ns, step, reason, "
    columns += "at)"
    for other, undoes in (("sort", None), ("sort", None), ("undo", 1)):
        values = (other, undoes, "f" * 32, b"a", b"cats/a", "[]", 1, 2, 3, 4, "done", "because", 5.0)
        old.execute(f"INSERT INTO moves {columns} VALUES ({', '.join('?' * 13)})", values)
    moves = old.execute("SELECT * FROM moves").fetchall()
    old.close()
    new = connect(path)
    assert [row[: len(moves[0])] for row in new.execute("SELECT * FROM moves")] == moves
    assert new.execute("PRAGMA foreign_key_check").fetchall() == []
    assert new.execute("PRAGMA foreign_key_list(moves)").fetchone()[2] == "moves"
    new.execute(f"INSERT INTO moves {columns} VALUES ({', '.join('?' * 13)})", (kind, *values[1:]))
    assert new.execute("SELECT max(id) FROM moves").fetchone() == (4,)
    new.close()


def test_a_reader_leaves_an_older_database_as_it_is_for_the_older_service_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = connect(filled(tmp_path))
    service.execute("UPDATE files SET source = 'confirmed' WHERE category IS NOT NULL")  # in the write-ahead log
    schema = service.execute("SELECT * FROM sqlite_schema").fetchall()
    later = (*MIGRATIONS, "ALTER TABLE files ADD COLUMN colour TEXT; UPDATE files SET colour = 'red'")
    monkeypatch.setattr("sorterd.store.database.MIGRATIONS", later)
    monkeypatch.setattr("sorterd.store.reading.MIGRATIONS", later)
    with reading(tmp_path) as store:
        query = "SELECT count(*), count(colour), sum(source = 'confirmed') FROM files"
        assert store.connection.execute(query).fetchone() == (81, 81, 80)
        service.execute("UPDATE files SET fresh = 1")  # the service is not kept waiting
    assert service.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert service.execute("SELECT * FROM sqlite_schema").fetchall() == schema
    service.close()


def test_an_older_version_does_not_know_the_length_of_videos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = next(number for number, script in enumerate(MIGRATIONS) if "COLUMN seconds" in script)
    with monkeypatch.context() as patch:
        patch.setattr("sorterd.store.database.MIGRATIONS", MIGRATIONS[:before])
        old = connect(tmp_path / DATABASE)
    old.execute("INSERT INTO features VALUES ('a', 'space', x'00000000', 'hi', 'en', 'speech', 1.0, NULL)")
    old.close()
    store = Store.open(tmp_path)
    store.features.add(Features("b", b"\0\0\0\0", "", "", "none", 12.5), "space", now=1.0)
    assert store.features.lengths("space") == {"b": 12.5}
    assert store.features.get("a", "space") == Features("a", b"\0\0\0\0", "hi", "en", "speech", None)
    store.close()


def test_a_migration_that_fails_half_way_leaves_the_old_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path)
    later = (*MIGRATIONS, "CREATE TABLE extra (a); CREATE TABLE files (a)")
    monkeypatch.setattr("sorterd.store.database.MIGRATIONS", later)
    with pytest.raises(StoreError):
        connect(path)
    monkeypatch.undo()
    connection = connect(path)
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    assert "extra" not in tables
    assert connection.execute("SELECT count(*) FROM files").fetchone() == (81,)
    connection.close()


def test_two_processes_that_migrate_at_once_come_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a command and the service do it after an upgrade."""
    path = filled(tmp_path)
    others = [connect]

    class Slow(Connection):
        def executescript(self, script: str, /) -> sqlite3.Cursor:
            if others:
                others.pop()(path).close()
            return super().executescript(script)

    open_database = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **how: open_database(path, **{**how, "factory": Slow}))
    monkeypatch.setattr("sorterd.store.database.MIGRATIONS", (*MIGRATIONS, "CREATE TABLE extra (a)"))
    connection = connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    assert connection.execute("SELECT count(*) FROM extra").fetchone() == (0,)
    connection.close()


def test_a_database_of_a_later_sorterd_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = filled(tmp_path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreTooNew, match=r"written by a newer sorterd \(schema 99.*install that version again"):
        connect(path)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "text": lambda _: b"not a database at all" * 100,
    "truncated": lambda data: data[: len(data) // 2],
    "only the first page": lambda data: data[:4096],
    "only the header": lambda data: data[:100],
    "header": lambda data: b"\xff" * 16 + data[16:],
    "schema": lambda data: data[:100] + b"\xff" * 200 + data[300:],
    "a page of zeros": lambda data: data[:8192] + b"\0" * 4096 + data[12288:],
    "bits flipped": lambda data: data[:8192] + bytes(b ^ 0x55 for b in data[8192:]),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_database_is_said_to_be_damaged_and_what_to_do(tmp_path: Path, kind: str) -> None:
    path = filled(tmp_path)
    path.write_bytes(DAMAGE[kind](path.read_bytes()))
    with pytest.raises(StoreDamaged, match=r"is damaged.*makes it again") as caught:
        connect(path)
    assert str(path) in str(caught.value)
    if kind != "a page of zeros":  # one of an index, which only those find who check the whole file
        with pytest.raises(StoreDamaged, match=f"^{path} is damaged.*makes it again"):
            read_all(tmp_path)


def read_all(state: Path) -> None:
    with reading(state) as store:
        for (table,) in store.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            store.connection.execute(f'SELECT * FROM "{table}"').fetchall()


def test_values_that_cannot_be_are_damage_to_a_reader_only_if_the_file_is(tmp_path: Path) -> None:
    path = filled(tmp_path)
    with pytest.raises(TypeError, match="ours"), reading(tmp_path):
        raise TypeError("ours")
    path.write_bytes(path.read_bytes()[:8192] + b"\0" * 4096)
    with pytest.raises(StoreDamaged), reading(tmp_path):
        raise TypeError("of what was read")


def test_a_folder_in_the_databases_place_is_not_called_damage(tmp_path: Path) -> None:
    (tmp_path / DATABASE).mkdir()
    with pytest.raises(StoreError, match="cannot be used") as caught:
        connect(tmp_path / DATABASE)
    assert not isinstance(caught.value, StoreDamaged)


def test_a_database_that_is_locked_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path)
    monkeypatch.setattr("sorterd.store.database.BUSY_SECONDS", 0.05)
    monkeypatch.setattr("sorterd.store.database.MIGRATIONS", (*MIGRATIONS, "CREATE TABLE extra (a)"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="in use by another program") as caught:
        connect(path)
    assert not isinstance(caught.value, StoreDamaged)
    other.close()


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    store = Store.open(tmp_path)

    def put(divisor: int) -> None:
        with store.transaction():
            store.notes.put(LEARNED_NOTHING, "one")
            store.notes.put(UPDATE_BEGAN, 1 / divisor)

    with pytest.raises(ZeroDivisionError):
        put(0)
    assert store.notes.get(LEARNED_NOTHING) is None
    put(1)
    assert store.notes.get(LEARNED_NOTHING) == "one"
    store.close()


def test_what_broke_a_transaction_is_told_although_sqlite_rolled_it_back_itself(tmp_path: Path) -> None:
    connection = connect(tmp_path / DATABASE)

    def fail() -> None:
        with transaction(connection):
            connection.execute("ROLLBACK")  # as SQLite does when the disk is full
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    connection.close()


def test_a_database_being_written_can_be_read_by_another_process(tmp_path: Path) -> None:
    writer, reader = Store.open(tmp_path), Store.open(tmp_path)
    with writer.transaction():
        writer.notes.put(LEARNED_NOTHING, "one")
        assert reader.notes.get(LEARNED_NOTHING) is None
    assert reader.notes.get(LEARNED_NOTHING) == "one"
    writer.close()
    reader.close()
