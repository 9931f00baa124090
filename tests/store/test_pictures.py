"""Which videos lack pictures, and whose pictures are needed least."""

from support.rows import SPACE, features, fill, known

from sorterd.store.store import Store


def extracted(store: Store) -> None:
    files = [
        known("inbox.mp4", "inbox"),
        known("newer.mp4", "newer", mtime=9),
        known("cats/ours.mp4", "ours", "auto"),
        known("cats/theirs.mp4", "theirs"),
        known("cats/waits.mp4", "waits for extraction"),
    ]
    fill(store, *files)
    for file in files[:4]:
        store.features.add(features(file.fingerprint), SPACE, now=1.0)


def test_what_waits_for_the_user_is_drawn_first_and_the_newest_of_it(store: Store) -> None:
    extracted(store)
    store.pictures.add("newest elsewhere", 10, now=1.0)
    assert store.pictures.missing(SPACE, now=2.0, limit=9) == ["newer", "inbox", "ours", "theirs"]
    store.pictures.add("inbox", 10, now=2.0)
    assert store.pictures.missing(SPACE, now=2.0, limit=1) == ["newer"]
    assert store.pictures.missing("another space", now=2.0, limit=9) == []


def test_a_failure_is_tried_again_when_its_time_has_come_or_never(store: Store) -> None:
    extracted(store)
    store.pictures.fail("newer", attempts=1, retry_at=5.0, now=2.0)
    store.pictures.fail("inbox", attempts=3, retry_at=None, now=2.0)
    assert store.pictures.missing(SPACE, now=4.0, limit=9) == ["ours", "theirs"]
    assert store.pictures.missing(SPACE, now=5.0, limit=9) == ["newer", "ours", "theirs"]
    assert (store.pictures.attempts("inbox"), store.pictures.attempts("ours")) == (3, 0)
    store.pictures.retry()
    assert len(store.pictures.missing(SPACE, now=2.0, limit=9)) == 4


def test_least_wanted_are_those_of_videos_that_are_gone_and_then_of_filed_ones(store: Store) -> None:
    extracted(store)
    for at, content in enumerate(("inbox", "newer", "ours", "theirs", "gone")):
        store.pictures.add(content, 10 + at, now=float(at))
    assert store.pictures.least_wanted() == [("gone", 14), ("theirs", 13), ("ours", 12), ("inbox", 10), ("newer", 11)]
    assert store.pictures.totals() == (5, 60)
