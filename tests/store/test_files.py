"""Files, labels and what the user has said."""

import sqlite3
from dataclasses import replace

import pytest
from support.rows import SPACE, fill, known

from sorterd.changes import Arrived, CategoryRenamed, Copied, Gone, KnownFile, Moved, Replaced, Touched
from sorterd.library.files import FileId, FolderId
from sorterd.store.backlog import Backlog
from sorterd.store.store import Store

ODD = "caf\udce9\n\u202e'; DROP TABLE files; --"  # a name that is not valid UTF-8, and worse


def snapshot(store: Store) -> object:
    return store.files.known(), store.files.rejections(), store.files.held(), store.files.categories()


# --- what is known ---------------------------------------------------------------------------------------------------


def test_names_survive_whatever_bytes_they_have(store: Store) -> None:
    file = known(f"{ODD}/{ODD}.mp4", "one")
    fill(store, file)
    store.files.reject("one", ODD, now=1.0)
    assert store.files.known().files == {file.path: file}
    assert store.files.at(file.path) == file
    assert store.files.labels() == {"one": ODD}
    assert store.files.rejections() == {"one": frozenset({ODD})}
    assert list(store.files.categories()) == [ODD]


def test_numbers_of_any_file_system_survive(store: Store) -> None:
    far = KnownFile("cats/a.mp4", FileId(2**40, 2**64 - 1, 2**40, 15 * 10**18), "one", "user")  # in the year 2445
    early = KnownFile("cats/b.mp4", FileId(1, 2**63, 1, -2 * 10**18), "two", "user")  # in 1906
    store.files.apply([Arrived(far), Arrived(early)], {"cats": FolderId(1, 2**64 - 5)}, now=1.0, watching=False)
    assert store.files.known().files == {far.path: far, early.path: early}
    assert store.files.known().categories == {"cats": FolderId(1, 2**64 - 5)}
    touched = replace(far, id=replace(far.id, inode=2**63 + 7))
    store.files.apply([Touched(far, touched)], {}, now=1.0, watching=False)
    assert store.files.at(far.path) == touched
    store.features.set_unreadable("c.mp4", far.id, "denied", attempts=1, retry_at=1.0)
    assert store.features.unreadable()["c.mp4"][0] == far.id


def test_each_kind_of_change_is_recorded(store: Store) -> None:
    a, b, c, d = (known(f"cats/{name}.mp4", name) for name in "abcd")
    fill(store, a, b, c, d)
    a2 = KnownFile("dogs/a.mp4", a.id, "a", "user")
    b2 = known("cats/b.mp4", "other")
    c2 = KnownFile("cats/c.mp4", known("", "c").id, "c", "user")
    copy = known("birds/b.mp4", "other")
    store.files.apply(
        [Moved(a, a2), Replaced(b, b2), Touched(c, c2), Copied(copy, b2.path), Gone(d)], {}, now=2.0, watching=False
    )
    assert store.files.known().files == {file.path: file for file in (a2, b2, c2, copy)}
    assert store.files.places("other") == [copy, b2]


def test_two_files_can_swap_their_paths(store: Store) -> None:
    a, b = known("cats/a.mp4", "one"), known("dogs/a.mp4", "two")
    fill(store, a, b)
    a2, b2 = KnownFile(b.path, a.id, "one", "user"), KnownFile(a.path, b.id, "two", "user")
    store.files.apply([Moved(a, a2), Moved(b, b2)], {}, now=2.0, watching=False)
    assert store.files.known().files == {a2.path: a2, b2.path: b2}


def test_changes_are_applied_all_or_not_at_all(store: Store) -> None:
    a = known("cats/a.mp4", "one")
    fill(store, a)
    before = snapshot(store)
    wrong = KnownFile("cats/b.mp4", a.id, "one", None)  # in a folder, yet without a label: the table refuses it
    with pytest.raises(sqlite3.IntegrityError):
        store.files.apply([Moved(a, KnownFile("b.mp4", a.id, "one")), Arrived(wrong)], {}, now=2.0, watching=False)
    assert snapshot(store) == before


def test_applying_the_same_touch_twice_changes_nothing(store: Store) -> None:
    a = known("cats/a.mp4", "one")
    touched = KnownFile(a.path, known("", "one").id, "one", "user")
    fill(store, a)
    for _ in range(2):
        store.files.apply([Touched(a, touched)], store.files.known().categories, now=2.0, watching=False)
        assert store.files.known().files == {a.path: touched}


def test_a_renamed_category_takes_files_and_refusals_along(store: Store) -> None:
    fill(store, known("cats/deep/a.mp4", "one", "auto"), known("cats2/b.mp4", "two"))
    store.files.reject("three", "cats", now=1.0)
    store.files.apply([CategoryRenamed("cats", "felines")], {}, now=2.0, watching=False)
    assert set(store.files.known().files) == {"felines/deep/a.mp4", "cats2/b.mp4"}
    assert store.files.rejections() == {"three": frozenset({"felines"})}
    renamed = store.files.at("felines/deep/a.mp4")
    assert renamed is not None
    assert (renamed.category, renamed.source) == ("felines", "auto")


def test_two_categories_can_swap_their_names(store: Store) -> None:
    fill(store, known("cats/a.mp4", "one"), known("dogs/a.mp4", "two"))
    store.files.reject("three", "cats", now=1.0)
    store.files.reject("four", "dogs", now=1.0)
    swap = [CategoryRenamed("cats", "dogs"), CategoryRenamed("dogs", "cats")]
    store.files.apply(swap, {}, now=2.0, watching=False)
    assert store.files.labels() == {"one": "dogs", "two": "cats"}
    assert store.files.rejections() == {"three": frozenset({"dogs"}), "four": frozenset({"cats"})}


def test_a_renamed_category_takes_the_place_of_files_that_are_gone(store: Store) -> None:
    gone = known("dogs/a.mp4", "two")
    fill(store, known("cats/a.mp4", "one"), gone)
    store.files.apply([Gone(gone), CategoryRenamed("cats", "dogs")], {}, now=2.0, watching=False)
    assert store.files.labels() == {"one": "dogs"}


def test_our_own_move_is_recorded_as_ours(store: Store) -> None:
    file = known("a.mp4", "one")
    fill(store, file)
    store.files.move("a.mp4", KnownFile("cats/a.mp4", file.id, "one", "auto"), now=2.0)
    assert set(store.files.known().files) == {"cats/a.mp4"}
    assert store.files.labels() == {}


# --- who waits for what ----------------------------------------------------------------------------------------------


def fresh(store: Store) -> set[str]:
    return {video.path for video in Backlog(store.connection, SPACE).next(now=9.0, limit=99) if video.fresh}


def test_an_arrival_in_the_inbox_while_we_watch_is_waited_for(store: Store) -> None:
    fill(store, known("a.mp4", "one"), known("cats/b.mp4", "two"), watching=True)
    fill(store, known("c.mp4", "three"), watching=False)
    assert fresh(store) == {"a.mp4"}


def test_a_new_name_in_the_inbox_does_not_make_anybody_stop_or_start_waiting(store: Store) -> None:
    old, new = known("a.mp4", "one"), known("c.mp4", "three")
    fill(store, new, watching=True)
    fill(store, old, watching=False)
    renames = [Moved(file, KnownFile("x" + file.path, file.id, file.fingerprint)) for file in (old, new)]
    store.files.apply(renames, {}, now=2.0, watching=True)
    assert fresh(store) == {"xc.mp4"}
