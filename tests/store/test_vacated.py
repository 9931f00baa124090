"""Paths that lost their file, and what another form of a video inherits."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from support.rows import known

from sorterd.changes import Arrived, Change, Converted, Copied, Gone, Moved
from sorterd.store import schema
from sorterd.store.absent import Absent
from sorterd.store.database import connect
from sorterd.store.store import DATABASE, Store
from sorterd.store.vacated import KEPT_SECONDS, Vacated, recent


def apply(store: Store, changes: Sequence[Change], now: float) -> None:
    store.files.apply(changes, {}, now=now, watching=True)


def vacated(store: Store) -> dict[str, str]:
    return {path: one.fingerprint for path, one in Vacated(store.connection).files().items()}


def test_what_is_deleted_or_renamed_in_its_folder_leaves_a_place_and_what_goes_elsewhere_none(store: Store) -> None:
    files = [known(f"cats/{name}.mp4", name, "auto") for name in "abc"]
    for one in files:
        store.files.put(one, now=1.0)
    a, b, c = files
    apply(store, [Gone(a), Moved(b, known("cats/z.mp4", "b", "auto")), Moved(c, known("dogs/c.mp4", "c", "user"))], 5.0)
    assert vacated(store) == {"cats/a.mp4": "a", "cats/b.mp4": "b"}
    assert recent(store.connection, 5.0)[0] == {"cats/a.mp4": 5.0, "cats/b.mp4": 5.0, "dogs/c.mp4": 5.0}
    store.files.put(known("cats/a.mp4", "new", "user"), now=6.0)
    apply(store, [], 6.0)
    assert vacated(store) == {"cats/b.mp4": "b"}


def test_places_are_forgotten_after_some_days(store: Store) -> None:
    store.files.put(known("cats/a.mp4", "a", "auto"), now=1.0)
    apply(store, [Gone(known("cats/a.mp4", "a", "auto"))], 5.0)
    Absent(store.connection).sweep(now=KEPT_SECONDS)
    assert vacated(store) == {"cats/a.mp4": "a"}
    Absent(store.connection).sweep(now=KEPT_SECONDS + 6.0)
    assert vacated(store) == {}


def test_an_heir_inherits_what_was_said_but_not_that_its_own_folder_was_refused(store: Store) -> None:
    old, new = known("cats/a.mp4", "old", "auto"), known("cats/a.mkv", "new", "auto")
    store.files.put(old, now=1.0)
    for folder in ("cats", "dogs"):
        store.files.reject("old", folder, now=1.0)
    apply(store, [Converted(new, old, gone=True)], 2.0)
    assert store.files.rejections()["new"] == {"dogs"}
    assert [one.path for one in store.files.places("new")] == ["cats/a.mkv"]
    assert store.files.places("old") == []


def test_a_database_from_before_gets_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("sorterd.store.database.MIGRATIONS", schema.MIGRATIONS[:4])
        connection = connect(tmp_path / DATABASE)
        connection.execute("INSERT INTO files VALUES (?, 'a', ?, 'auto', 1, 2, 3, 4, 1.0, 0)", (b"cats/a.mp4", b"cats"))
        connection.close()
    store = Store.open(tmp_path)
    apply(store, [Gone(known("cats/a.mp4", "a", "auto"))], 5.0)
    assert vacated(store) == {"cats/a.mp4": "a"}
    store.close()


def test_what_was_not_known_before_it_came_counts_as_arrived_until_it_goes_to_another_folder(store: Store) -> None:
    here, copy, there = (
        known("cats/a.mp4", "a", "user"),
        known("cats/b.mp4", "a", "user"),
        known("dogs/a.mp4", "a", "user"),
    )
    renamed = known("cats/c.mp4", "a", "user")
    steps: list[tuple[list[Change], set[str]]] = [
        ([Arrived(here), Copied(copy, here.path)], {here.path}),
        ([Moved(here, renamed)], {renamed.path}),
        ([Moved(renamed, there)], set()),
        ([Gone(there, (copy.path,)), Gone(copy)], set()),
        ([Arrived(here)], set()),
    ]
    for changes, arrived in steps:
        apply(store, changes, 5.0)
        assert recent(store.connection, 4.0)[1] == arrived
