"""Each row that changes is heard of, whatever changes it."""

import pytest
from support.rows import fill, known

from sorterd.store.listening import RowChange, listen
from sorterd.store.store import Store

OF_CATS = "NEW.source = 'user'"


def test_every_way_of_changing_a_row_is_heard_of(store: Store) -> None:
    heard: list[tuple[object, ...]] = []
    insert = RowChange("files", "AFTER INSERT", "'came', NEW.fingerprint")
    delete = RowChange("files", "AFTER DELETE", "'went', OLD.fingerprint")
    listen(store.connection, "heard", lambda *values: heard.append(values), [insert, delete])
    fill(store, known("a.mp4", "one"))
    store.files.put(known("a.mp4", "two"), now=1.0)  # in its place
    store.connection.execute("DELETE FROM files")
    assert heard == [("came", "one"), ("went", "one"), ("came", "two"), ("went", "two")]


def test_only_what_was_asked_for_is_heard_of(store: Store) -> None:
    heard: list[None] = []
    listen(store.connection, "heard", lambda: heard.append(None), [RowChange("files", "AFTER INSERT", "", OF_CATS)])
    fill(store, known("a.mp4", "one"))
    assert heard == []
    fill(store, known("cats/a.mp4", "one", "user"))
    assert heard == [None]


def test_a_later_listener_of_the_same_name_is_heard_by_alone(store: Store) -> None:
    first: list[None] = []
    second: list[None] = []
    for one in (first, second):
        listen(store.connection, "heard", lambda one=one: one.append(None), [RowChange("files", "AFTER INSERT")])
    fill(store, known("a.mp4", "one"))
    assert (first, second) == ([], [None])


def test_a_listener_that_fails_fails_the_change(store: Store) -> None:
    def fails() -> None:
        raise ValueError

    listen(store.connection, "heard", fails, [RowChange("files", "AFTER INSERT")])
    with pytest.raises(Exception, match="user-defined function raised"):
        fill(store, known("a.mp4", "one"))
    assert store.files.at("a.mp4") is None
