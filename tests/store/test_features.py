"""Features, what lacks them, and what could not be extracted."""

from dataclasses import replace

from support.rows import SPACE, features, fill, known

from sorterd.changes import Gone, KnownFile, Moved
from sorterd.features.settings import FeatureSpace, Modality
from sorterd.library.files import FileId
from sorterd.store.backlog import Backlog
from sorterd.store.rows import Row, Rows
from sorterd.store.store import Store


def queued(store: Store, *, now: float = 9.0, space: str = SPACE) -> list[str]:
    return [video.path for video in Backlog(store.connection, space).next(now=now, limit=99)]


def test_a_video_without_features_in_this_space_is_the_queue(store: Store) -> None:
    fill(store, known("a.mp4", "one"), known("b.mp4", "two"))
    store.features.add(features("one"), SPACE, now=1.0)
    assert queued(store) == ["b.mp4"]
    assert sorted(queued(store, space="another")) == ["a.mp4", "b.mp4"]
    assert store.features.pending(SPACE) == 1


def test_two_copies_are_one_video_in_the_queue(store: Store) -> None:
    fill(store, known("a.mp4", "one"), known("cats/a.mp4", "one"))
    assert queued(store) == ["a.mp4"]
    assert store.features.pending(SPACE) == 1


def test_a_moved_file_needs_no_extraction(store: Store) -> None:
    file = known("a.mp4", "one")
    fill(store, file)
    store.features.add(features("one"), SPACE, now=1.0)
    store.files.apply([Moved(file, KnownFile("cats/a.mp4", file.id, "one", "user"))], {}, now=2.0, watching=True)
    assert queued(store) == []


def test_what_was_extracted_comes_back_as_it_was(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    found = features("one", transcript="größer 🐈", audio="speech")
    store.features.add(found, SPACE, now=1.0)
    assert store.features.get("one", SPACE) == found
    assert store.features.get("one", "another") is None
    assert store.features.extracted(SPACE) == {"one"}


def test_a_failed_video_waits_for_its_time_and_a_given_up_one_for_ever(store: Store) -> None:
    fill(store, known("a.mp4", "one"), known("b.mp4", "two"), known("c.mp4", "three"))
    store.features.fail("one", "timed out", attempts=1, retry_at=20.0, failed=False)
    store.features.fail("two", "no video in it", attempts=1, retry_at=20.0, failed=True)
    assert queued(store, now=19.0) == ["c.mp4"]
    assert sorted(queued(store, now=20.0)) == ["a.mp4", "c.mp4"]
    assert store.features.pending(SPACE) == 2
    assert store.features.next_retry() == 20.0
    assert store.features.attempts("one") == 1
    assert [(failure.path, failure.failed) for failure in store.features.failures()] == [
        ("a.mp4", False),
        ("b.mp4", True),
    ]


def test_a_failure_is_forgotten_once_it_works(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    store.features.fail("one", "timed out", attempts=2, retry_at=20.0, failed=False)
    store.features.add(features("one"), SPACE, now=1.0)
    assert store.features.failures() == []
    assert store.features.attempts("one") == 0
    assert store.features.next_retry() is None


def test_the_failure_of_a_deleted_video_is_not_told_of(store: Store) -> None:
    file = known("a.mp4", "one")
    fill(store, file)
    store.features.fail("one", "timed out", attempts=1, retry_at=20.0, failed=False)
    store.files.apply([Gone(file)], {}, now=2.0, watching=True)
    assert store.features.failures() == []
    assert store.features.next_retry() is None


def test_failed_videos_can_be_tried_again_singly_or_all(store: Store) -> None:
    fill(store, known("a.mp4", "one"), known("b.mp4", "two"))
    for content in ("one", "two"):
        store.features.fail(content, "no", attempts=3, retry_at=20.0, failed=True)
    store.features.set_unreadable("c.mp4", FileId(1, 2, 3, 4), "denied", attempts=1, retry_at=20.0)
    assert store.features.retry("b.mp4") == 1
    assert store.features.retry("nowhere.mp4") == 0
    assert store.features.retry() == 2
    assert store.features.failures() == []


def test_unreadable_files_are_kept_as_they_lay_there(store: Store) -> None:
    odd = "caf\udce9.mp4"
    store.features.set_unreadable(odd, FileId(1, 2, 3, 4), "denied", attempts=2, retry_at=20.0)
    store.features.set_unreadable("b.mp4", FileId(1, 2, 3, 4), "denied", attempts=1, retry_at=20.0)
    assert store.features.unreadable(odd) == {odd: (FileId(1, 2, 3, 4), 2, 20.0)}
    assert store.features.unreadable("c.mp4") == {}
    store.features.clear_unreadable("b.mp4")
    assert store.features.unreadable() == {odd: (FileId(1, 2, 3, 4), 2, 20.0)}
    assert store.features.next_retry() == 20.0
    assert [(failure.path, failure.reason) for failure in store.features.failures()] == [(odd, "denied")]
    store.features.clear_unreadable(odd)
    assert store.features.unreadable() == {}


def test_reasons_may_name_files_that_are_not_utf_8(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    store.features.fail("one", "caf\udce9 is broken", attempts=1, retry_at=1.0, failed=True)
    store.features.set_unreadable("b.mp4", FileId(1, 2, 3, 4), "caf\udce9 denied", attempts=1, retry_at=1.0)
    assert [failure.reason for failure in store.features.failures()] == [r"caf\xe9 is broken", r"caf\xe9 denied"]


def test_what_the_user_took_out_of_folders_is_told_once_for_each_folder_while_it_is_on_disk(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    for content, folder in (("one", "dogs"), ("one", "cats"), ("gone", "cats"), ("unseen", "cats")):
        store.files.reject(content, folder, now=1.0)
    for content in ("one", "gone"):
        store.features.add(features(content), SPACE, now=1.0)
    vector = features("one").vector
    space = FeatureSpace(SPACE, (Modality("pictures", 1),), "embedded", "cpu")
    row = Row("one", vector, extracted=True)
    assert Rows(store.connection, space).rejected() == [(row, "cats"), (row, "dogs")]
    assert Rows(store.connection, replace(space, id="another")).rejected() == []
