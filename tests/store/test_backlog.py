"""What waits for extraction and for a prediction, in which order, and that it never goes stale."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from support.rows import SPACE, features, fill, known, prediction

from sorterd.changes import Arrived, Gone, KnownFile, Moved, Source
from sorterd.library.files import FileId
from sorterd.store.backlog import FRESH_SECONDS, Backlog
from sorterd.store.backlog_tables import MANY
from sorterd.store.store import Store


def queued(store: Store, *, now: float = 9.0, limit: int = 99, wanted: tuple[str, ...] = ()) -> list[str]:
    return [video.path for video in Backlog(store.connection, SPACE).next(now=now, limit=limit, wanted=wanted)]


def unpredicted(store: Store, predictor: str = "model", limit: int = 99) -> list[str]:
    return [path for _, path in Backlog(store.connection, SPACE).unpredicted(predictor, limit)]


def extract(store: Store, *contents: str) -> None:
    for content in contents:
        store.features.add(features(content), SPACE, now=1.0)


# --- the order -------------------------------------------------------------------------------------------------------


def test_arrivals_come_first_then_labelled_ones_then_the_newest(store: Store) -> None:
    fill(
        store,
        known("old.mp4", "old", mtime=1),
        known("new.mp4", "new", mtime=9),
        known("cats/a.mp4", "filed", mtime=2),
        known("cats/b.mp4", "ours", "auto", mtime=3),
        known("cats/c.mp4", "accepted", "confirmed", mtime=4),
    )
    fill(store, known("dropped.mp4", "dropped", mtime=0), watching=True)
    assert queued(store) == ["dropped.mp4", "cats/c.mp4", "cats/a.mp4", "new.mp4", "cats/b.mp4", "old.mp4"]
    assert queued(store, limit=2) == ["dropped.mp4", "cats/c.mp4"]


def test_what_arrives_now_comes_before_ten_thousand_of_a_moment_ago_whatever_its_time_stamp(store: Store) -> None:
    fill(store, *(known(f"{n}.mp4", f"flood {n}", mtime=100 + n) for n in range(10_000)), watching=True, now=5.0)
    fill(store, known("now.mp4", "now", mtime=1), watching=True, now=6.0)
    assert queued(store, limit=3) == ["now.mp4", "9999.mp4", "9998.mp4"]


def test_files_first_seen_by_one_scan_are_taken_newest_first_though_reading_them_took_several(store: Store) -> None:
    for number, path in enumerate(["newest.mp4", "older.mp4"]):
        file = known(path, path, mtime=9 - number)
        store.files.apply([Arrived(file)], {}, now=5.0 + number, watching=True, since={path: 4.0})
    assert queued(store) == ["newest.mp4", "older.mp4"]


def test_after_a_while_nobody_waits_for_an_arrival_any_more(store: Store) -> None:
    fill(store, known("dropped.mp4", "dropped", mtime=1), watching=True, now=100.0)
    fill(store, known("cats/a.mp4", "filed"), known("new.mp4", "new", mtime=9))
    assert queued(store, now=100.0 + FRESH_SECONDS - 1) == ["dropped.mp4", "cats/a.mp4", "new.mp4"]
    assert queued(store, now=100.0 + FRESH_SECONDS) == ["cats/a.mp4", "new.mp4", "dropped.mp4"]


def test_labelled_ones_come_from_each_folder_in_turn(store: Store) -> None:
    fill(store, *(known(f"cats/{n}.mp4", f"cat {n}", mtime=n) for n in range(3)))
    fill(store, *(known(f"dogs/{n}.mp4", f"dog {n}", mtime=9 + n) for n in range(2)))
    assert queued(store) == ["dogs/1.mp4", "cats/2.mp4", "dogs/0.mp4", "cats/1.mp4", "cats/0.mp4"]


def test_a_flood_takes_turns_with_the_folders_without_which_nothing_can_be_decided(store: Store) -> None:
    fill(store, *(known(f"{n}.mp4", f"flood {n}", mtime=n) for n in range(50)), watching=True)
    for folder in ("cats", "dogs"):
        fill(store, *(known(f"{folder}/{n}.mp4", f"{folder} {n}", mtime=n) for n in range(9)))
    mixed = ["49.mp4", "dogs/8.mp4", "48.mp4", "dogs/7.mp4", "47.mp4", "dogs/6.mp4"]
    assert queued(store, limit=6, wanted=("dogs",)) == mixed
    assert queued(store, limit=2) == ["49.mp4", "48.mp4"]


def test_wanted_folders_come_before_other_labelled_ones(store: Store) -> None:
    fill(store, *(known(f"{folder}/{n}.mp4", f"{folder} {n}") for folder in ("cats", "dogs") for n in range(2)))
    assert {path.partition("/")[0] for path in queued(store, limit=2, wanted=("dogs",))} == {"dogs"}
    assert len(queued(store, wanted=("dogs",))) == 4


def test_in_turn_unsorted_videos_wait_no_longer_than_labelled_ones(store: Store) -> None:
    fill(store, *(known(f"{folder}/{n}.mp4", f"{folder} {n}") for folder in ("cats", "dogs") for n in range(9)))
    fill(store, *(known(f"{n}.mp4", f"new {n}", mtime=n) for n in range(2)))
    found = Backlog(store.connection, SPACE).next(now=9.0, limit=5, wanted=("dogs",), in_turn=True)
    assert [video.path for video in found if not video.labelled] == ["1.mp4", "0.mp4"]
    assert {video.path.partition("/")[0] for video in found if video.labelled} == {"dogs"}


def test_a_video_kept_in_two_folders_teaches_nothing_and_waits_like_others(store: Store) -> None:
    fill(store, known("cats/a.mp4", "both", mtime=1), known("dogs/a.mp4", "both", mtime=1))
    fill(store, known("new.mp4", "new", mtime=9), known("cats/b.mp4", "one", mtime=0))
    assert queued(store) == ["cats/b.mp4", "new.mp4", "cats/a.mp4"]


def test_what_is_to_come_first_comes_before_arrivals_once_it_is_due(store: Store) -> None:
    fill(store, known("a.mp4", "one", mtime=1), known("b.mp4", "two", mtime=2), known("c.mp4", "three", mtime=3))
    store.features.fail("two", "why", attempts=1, retry_at=20.0, failed=False)
    backlog = Backlog(store.connection, SPACE)
    first = {"one", "two", "nowhere"}
    assert [one.path for one in backlog.next(now=9.0, limit=2, first=first)] == ["a.mp4", "c.mp4"]
    assert [one.path for one in backlog.next(now=21.0, limit=2, first=first)] == ["a.mp4", "b.mp4"]


def test_what_is_in_flight_or_too_large_is_left_out_by_that_call_alone(store: Store) -> None:
    fill(
        store, known("cats/a.mp4", "one", mtime=1), known("cats/b.mp4", "two", mtime=2), known("c.mp4", "new", mtime=3)
    )
    fill(store, known("late.mp4", "late", mtime=4), watching=True)
    store.connection.execute("UPDATE files SET size = 1000 WHERE fingerprint IN ('two', 'late')")
    backlog = Backlog(store.connection, SPACE)

    def left(without: set[str], largest: int | None = None) -> list[str]:
        return [one.fingerprint for one in backlog.next(now=9.0, limit=9, without=without, largest=largest)]

    assert left({"two"}) == ["late", "one", "new"]
    assert left({"one"}, 999) == ["new"]
    assert left(set(), 1000) == ["late", "two", "one", "new"]
    assert backlog.next(now=9.0, limit=1, without={"late"}, first={"late"})[0].fingerprint == "two"
    assert not backlog.any_due(9.0, without={"one", "two", "new", "late"})
    assert backlog.any_due(9.0)
    assert backlog.pending() == 4
    assert backlog.any_of({"one"}, 9.0)
    extract(store, "one")
    assert not backlog.any_of({"one"}, 9.0)


# --- what does not wait ----------------------------------------------------------------------------------------------


def test_with_a_time_of_arrival_only_later_arrivals_and_wanted_folders_are_left(store: Store) -> None:
    fill(store, known("early.mp4", "early"), watching=True, now=4.0)
    fill(store, known("late.mp4", "late"), watching=True, now=5.0)
    fill(store, known("old.mp4", "old"), known("cats/a.mp4", "cat"), known("dogs/a.mp4", "dog"))
    backlog = Backlog(store.connection, SPACE)

    def left(wanted: tuple[str, ...] = (), first: tuple[str, ...] = ()) -> list[str]:
        queue = backlog.next(now=9.0, limit=9, wanted=wanted, first=first, arrived_after=4.0)
        return [video.path for video in queue]

    assert left() == ["late.mp4"]
    assert left(("dogs",)) == ["late.mp4", "dogs/a.mp4"]
    assert left(("dogs",), ("old", "cat", "dog")) == ["dogs/a.mp4", "late.mp4"]
    assert backlog.left_out(wanted=(), arrived_after=4.0) == 4
    assert backlog.left_out(wanted=("dogs", "cats"), arrived_after=4.0) == 2
    assert backlog.any_due(9.0, arrived_after=4.0)
    assert not backlog.any_due(9.0, arrived_after=5.0)
    assert backlog.any_due(9.0, wanted=("cats",), arrived_after=5.0)


# --- what is to be predicted ------------------------------------------------------------------------------------------


def test_inbox_videos_with_features_that_this_judge_has_not_seen_are_unjudged(store: Store) -> None:
    fill(store, *(known(f"{name}.mp4", name) for name in ("new", "stale", "judged", "waiting")))
    fill(store, known("cats/a.mp4", "filed"))
    extract(store, "new", "stale", "judged", "filed")
    store.predictions.put(*prediction("stale", predictor="an older one"), now=1.0)
    store.predictions.put(*prediction("judged"), now=1.0)
    assert sorted(unpredicted(store)) == ["new.mp4", "stale.mp4"]


def test_newcomers_are_judged_first(store: Store) -> None:
    fill(store, known("old.mp4", "old", mtime=1), known("young.mp4", "young", mtime=5))
    fill(store, known("dropped.mp4", "dropped", mtime=0), watching=True)
    extract(store, "old", "young", "dropped")
    assert unpredicted(store) == ["dropped.mp4", "young.mp4", "old.mp4"]
    assert unpredicted(store, limit=1) == ["dropped.mp4"]


def test_two_copies_in_the_inbox_are_judged_once(store: Store) -> None:
    fill(store, known("a.mp4", "one"), known("b.mp4", "one"))
    extract(store, "one")
    assert unpredicted(store) == ["a.mp4"]


def test_features_of_another_space_are_not_judged(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    store.features.add(features("one"), "another", now=1.0)
    assert unpredicted(store) == []


# --- it never goes stale ---------------------------------------------------------------------------------------------

PATHS = ("a.mp4", "b.mp4", "cats/a.mp4", "cats/b.mp4", "dogs/a.mp4")
CONTENTS = ("one", "two", "three")
Act = Callable[[Store], object]


def _put(path: str, content: str, mtime: int, source: Source, fresh: bool) -> Act:
    file = KnownFile(path, FileId(1, 2, 3, mtime), content, source if "/" in path else None)
    return lambda store: store.files.put(file, now=float(mtime), fresh=fresh and file.source is None)


def _move(path: str, target: str) -> Act:
    def act(store: Store) -> None:
        before = store.files.at(path)
        if before is not None and store.files.at(target) is None:
            after = KnownFile(target, before.id, before.fingerprint, "user" if "/" in target else None)
            store.files.apply([Moved(before, after)], {}, now=3.0, watching=True)

    return act


def _gone(path: str) -> Act:
    def act(store: Store) -> None:
        before = store.files.at(path)
        if before is not None:
            store.files.apply([Gone(before)], {}, now=3.0, watching=True)

    return act


def _broken_off(path: str) -> Act:
    def act(store: Store) -> None:
        try:
            with store.transaction():
                store.files.put(known(path, "one"), now=1.0)
                raise OSError
        except OSError:
            return

    return act


ACTS = st.one_of(
    st.builds(
        _put,
        st.sampled_from(PATHS),
        st.sampled_from(CONTENTS),
        st.integers(1, 9),
        st.sampled_from(["user", "auto"]),
        st.booleans(),
    ),
    st.builds(_move, st.sampled_from(PATHS), st.sampled_from(PATHS)),
    st.builds(_gone, st.sampled_from(PATHS)),
    st.builds(_broken_off, st.sampled_from(PATHS)),
    st.builds(lambda one: lambda store: store.features.add(features(one), SPACE, now=1.0), st.sampled_from(CONTENTS)),
    st.builds(
        lambda one, given_up: lambda store: store.features.fail(one, "no", attempts=1, retry_at=5.0, failed=given_up),
        st.sampled_from(CONTENTS),
        st.booleans(),
    ),
    st.builds(lambda path: lambda store: store.features.retry(path), st.sampled_from((None, *PATHS))),
    st.builds(lambda path: lambda store: store.files.confirm(path, now=7.0), st.sampled_from(PATHS)),
    st.builds(lambda one: lambda store: store.predictions.put(*prediction(one), now=1.0), st.sampled_from(CONTENTS)),
    st.just(lambda store: store.predictions.clear()),
)


def seen(backlog: Backlog, now: float) -> object:
    queue = backlog.next(now=now, limit=9, wanted=("dogs",))
    return (
        queue,
        backlog.any_due(now),
        backlog.pending(),
        backlog.next(now=now, limit=9, wanted=("dogs",), first=("two",), arrived_after=5.5),
        backlog.any_due(now, arrived_after=5.5),
        backlog.left_out(wanted=("dogs",), arrived_after=5.5),
        backlog.unpredicted("model", 9),
        backlog.any_unpredicted("model"),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTS, max_size=12), st.sampled_from([0, 1, MANY]))
def test_whatever_happens_to_the_store_it_says_what_a_fresh_one_says(acts: list[Act], many: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, reader = Store.open(Path(folder)), Store.open(Path(folder))
        fill(store, known("a.mp4", "one"), known("cats/a.mp4", "two"), watching=True)
        kept = Backlog(store.connection, SPACE, many=many)
        for number, act in enumerate(acts):
            act(store)
            now = (4.0, 6.0, 1e6)[number % 3]
            fresh = Backlog(reader.connection, SPACE)
            assert seen(kept, now) == seen(fresh, now)
        assert kept.pending() == store.features.pending(SPACE)
        store.close()
        reader.close()
