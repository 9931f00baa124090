"""Features of videos that left the disk are dropped after a month, and after a year all that is known of them."""

from pathlib import Path

import pytest
from support.rows import SPACE, features, fill, known, moved, prediction

from sorterd.changes import Gone
from sorterd.store import schema
from sorterd.store.absent import KEPT_SECONDS, Absent
from sorterd.store.database import connect
from sorterd.store.features import Features
from sorterd.store.store import DATABASE, Store

DAY = 24 * 3600.0


@pytest.fixture
def gone(store: Store) -> Store:
    """Of two videos one was deleted, of which much is known."""
    fill(store, known("cats/stays.mp4", "stays"), known("cats/goes.mp4", "goes"))
    for content in ("stays", "goes"):
        store.features.add(features(content), SPACE, now=1.0)
        store.predictions.put(*prediction(content), now=1.0)
        store.files.reject(content, "dogs", now=1.0)
        store.files.hold(content, now=1.0)
    delete(store, "cats/goes.mp4")
    return store


def delete(store: Store, path: str) -> None:
    before = store.files.known()
    store.files.apply([Gone(before.files[path])], before.categories, now=2.0, watching=True)


def sweep(store: Store, day: float) -> int:
    return Absent(store.connection).sweep(now=day * DAY)


def test_features_go_a_month_after_their_video_and_what_the_user_said_stays(gone: Store) -> None:
    moved(gone, "goes")
    assert [sweep(gone, day) for day in (1, 2, 30.9, 31, 32)] == [0, 0, 0, 1, 0]
    assert len(gone.journal.of("goes")) == 1
    assert gone.features.get("goes", SPACE) is None
    assert gone.features.get("stays", SPACE) is not None
    assert gone.connection.execute("SELECT fingerprint FROM predictions").fetchall() == [("stays",)]
    assert set(gone.files.rejections()) == gone.files.held() == {"stays", "goes"}


def test_after_a_year_it_is_forgotten_and_its_moves_are_counted_all_the_same(gone: Store) -> None:
    moved(gone, "stays")
    number = moved(gone, "goes")
    moved(gone, "goes", kind="undo", undoes=number)
    gone.journal.set_undone(number)
    counts = gone.journal.counts()
    assert counts == {"total": 2, "undone": 1, "corrected": 0}
    for day in (1, 360.9):
        sweep(gone, day)
    assert set(gone.files.rejections()) == gone.files.held() == {"stays", "goes"}
    for _ in range(2):
        sweep(gone, 361)
        assert set(gone.files.rejections()) == gone.files.held() == {"stays"}
        assert gone.journal.of("goes") == []
        assert len(gone.journal.of("stays")) == 1
        assert gone.journal.counts() == counts


def test_a_move_that_is_not_settled_is_not_forgotten(gone: Store) -> None:
    moved(gone, "goes", "copied")
    for day in (1, 361, 800):
        sweep(gone, day)
    assert [entry.fingerprint for entry in gone.journal.unfinished()] == ["goes"]


def test_moves_that_failed_are_dropped_after_a_month(gone: Store) -> None:
    old, new = moved(gone, "stays", "failed", at=1 * DAY), moved(gone, "stays", "failed", at=2 * DAY)
    sweep(gone, 31.5)
    assert [gone.journal.get(number) is None for number in (old, new)] == [True, False]


def test_what_comes_back_in_time_starts_anew(gone: Store) -> None:
    sweep(gone, 1)
    fill(gone, known("goes again.mp4", "goes"))
    sweep(gone, 20)
    delete(gone, "goes again.mp4")
    assert [sweep(gone, day) for day in (25, 40, 54.9, 55)] == [0, 0, 0, 1]


def test_a_clock_that_was_wrong_keeps_nothing_for_ever(gone: Store) -> None:
    sweep(gone, 20_000)  # years ahead
    assert [sweep(gone, day) for day in (1, 30.9, 31)] == [0, 0, 1]


def test_the_database_of_a_library_with_coming_and_going_does_not_grow_for_ever(store: Store) -> None:
    def size_after(days: range) -> int:
        for day in days:
            for number in range(2):
                content = f"{day}-{number}"
                fill(store, known(f"cats/{content}.mp4", content))
                store.features.add(Features(content, b"\1" * 5120, "words", "en", "speech"), SPACE, now=1.0)
                store.files.reject(content, "dogs", now=1.0)
                moved(store, content)
                moved(store, content, "failed", at=day * DAY)
                if day >= 5:
                    delete(store, f"cats/{day - 5}-{number}.mp4")
            sweep(store, day)
        return int(store.connection.execute("PRAGMA page_count").fetchone()[0])

    assert size_after(range(380)) == pytest.approx(size_after(range(380, 500)), rel=0.03)  # pages are not all full


def test_a_database_from_before_is_swept_like_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("sorterd.store.database.MIGRATIONS", schema.MIGRATIONS[:2])
        connection = connect(tmp_path / DATABASE)
        connection.execute(
            "INSERT INTO features (fingerprint, space, vector, transcript, language, audio, at) "
            "VALUES ('old', 's', x'00', '', '', 'none', 1.0)"
        )
        connection.close()
    store = Store.open(tmp_path)
    assert [sweep(store, day) for day in (1, 31)] == [0, 1]
    assert KEPT_SECONDS == 30 * DAY
    store.close()
