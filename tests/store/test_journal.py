"""The journal of our own moves."""

from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.rows import fill, known, moved, planned

from sorterd.changes import KnownFile, Moved
from sorterd.library.files import FileId
from sorterd.store.journal import Entry, Step
from sorterd.store.store import Store
from sorterd.text import printable

ID = FileId(1, 2**64 - 1, 3, 15 * 10**18)  # an inode and a time that need all 64 bits
names = st.binary(min_size=1, max_size=20).filter(lambda name: b"\0" not in name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(names, names, names, st.text(max_size=20), st.none() | st.floats(0, 1))
def test_an_entry_comes_back_as_it_was_written(
    store: Store, source: bytes, destination: bytes, sidecar: bytes, reason: str, confidence: float | None
) -> None:
    one, other, beside = (name.decode("utf-8", "surrogateescape") for name in (source, destination, sidecar))
    paths: dict[str, Any] = {"source": one, "destination": other, "sidecars": ((beside, one),)}
    number = planned(store, at=5.0, id=ID, reason=reason, confidence=confidence, **paths)
    assert store.journal.get(number) == Entry(
        *(number, "sort", None, "one", one, other, ((beside, one),), ID, "planned"),
        *(confidence, printable(reason), 5.0, False, False),
    )


def test_moves_that_were_cut_short_are_found_oldest_first(store: Store) -> None:
    steps: list[Step] = ["planned", "done", "copied", "failed"]
    numbers = [planned(store, f"video {step}") for step in steps]
    for number, step in zip(numbers, steps, strict=True):
        store.journal.step(number, step)
    assert [entry.number for entry in store.journal.unfinished()] == [numbers[0], numbers[2]]


def test_a_step_keeps_the_reason_unless_it_has_a_better_one(store: Store) -> None:
    number = planned(store)
    store.journal.step(number, "copied")
    copied = store.journal.get(number)
    assert copied is not None
    assert (copied.step, copied.reason) == ("copied", "why")
    store.journal.step(number, "failed", "the folder caf\udce9 is gone")
    failed = store.journal.get(number)
    assert failed is not None
    assert (failed.step, failed.reason) == ("failed", r"the folder caf\xe9 is gone")


def test_the_latest_moves_are_those_that_can_still_be_undone(store: Store) -> None:
    first, undone, failed = moved(store), moved(store, "two"), planned(store, "three")
    last = moved(store, "four", at=9.0)
    store.journal.set_undone(undone)
    store.journal.step(failed, "failed")
    assert [entry.number for entry in store.journal.latest(10)] == [last, first]
    assert [entry.number for entry in store.journal.latest(1)] == [last]
    assert [entry.number for entry in store.journal.latest(-1, since=5.0)] == [last]


def test_an_undo_is_not_itself_undone(store: Store) -> None:
    first = moved(store)
    undo = planned(store, kind="undo", undoes=first)
    store.journal.step(undo, "done")
    assert [entry.number for entry in store.journal.latest(10)] == [first]
    assert store.journal.counts() == {"total": 1, "undone": 0, "corrected": 0}


def test_every_move_of_one_video_is_found_newest_first(store: Store) -> None:
    first, _, third = moved(store), moved(store, "two"), moved(store)
    assert [entry.number for entry in store.journal.of("one")] == [third, first]


@pytest.mark.parametrize("target", ["dogs/a.mp4", "a.mp4"])
def test_a_move_taken_back_by_hand_counts_as_corrected(store: Store, target: Literal["dogs/a.mp4", "a.mp4"]) -> None:
    number = moved(store)
    file = known("cats/a.mp4", "one", "auto")
    fill(store, file)
    after = KnownFile(target, file.id, "one", "user" if "/" in target else None)
    store.files.apply([Moved(file, after)], {}, now=2.0, watching=True)
    entry = store.journal.get(number)
    assert entry is not None
    assert entry.corrected
    assert store.journal.counts() == {"total": 1, "undone": 0, "corrected": 1}
    assert store.journal.latest(10) == []


def test_the_last_move_of_a_video_is_the_one_that_is_corrected(store: Store) -> None:
    taken_back, first, last, undone = moved(store), moved(store), moved(store), moved(store)
    for number in (taken_back, undone):
        store.journal.set_undone(number)
    file = known("cats/a.mp4", "one", "auto")
    fill(store, file)
    store.files.apply([Moved(file, KnownFile("a.mp4", file.id, "one"))], {}, now=2.0, watching=True)
    assert [entry.number for entry in store.journal.of("one") if entry.corrected] == [last]
    assert [entry.number for entry in store.journal.latest(10)] == [first]


def test_what_the_user_has_confirmed_is_not_among_the_latest(store: Store) -> None:
    moved(store)
    other = moved(store, "two")
    fill(store, known("cats/a.mp4", "one", "auto"), known("cats/b.mp4", "two", "auto"))
    assert store.files.confirm("cats/a.mp4", now=2.0)
    assert [entry.number for entry in store.journal.latest(10)] == [other]
