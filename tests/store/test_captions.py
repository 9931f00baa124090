"""What is kept of captions: sources, texts, vectors, and whole rows."""

import struct

from support.rows import SPACE, features, fill, known, prediction

from sorterd.features.settings import FeatureSpace, Modality
from sorterd.store.absent import Absent
from sorterd.store.backlog import Backlog
from sorterd.store.captions import StoredCaption
from sorterd.store.rows import Row, Rows
from sorterd.store.store import Store
from sorterd.store.unread import Unread

TOWER = "minilm"
ONE = struct.pack("<f", 1.0)  # the vector that `features` makes
TWO = struct.pack("<2f", 3.0, 4.0)
WORDED = FeatureSpace(SPACE, (Modality("pictures", 1), Modality("caption", 2, TOWER)), "embedded", "cpu")


def caption(content: str, text: str = "a cat", seen: str = "s1") -> StoredCaption:
    return StoredCaption(content, seen, text, "", f"digest of {text}" if text else "")


def put(store: Store, content: str, text: str = "a cat", seen: str = "s1") -> None:
    store.captions.put(caption(content, text, seen), {TOWER: TWO} if text else {})


def unread(store: Store) -> list[str]:
    return [one.path for one in Unread(store.connection, [TOWER]).next(99)]


def test_a_row_is_all_modalities_side_by_side_with_zeros_for_what_is_missing(store: Store) -> None:
    fill(store, known("a.mp4", "both"), known("b.mp4", "seen"), known("c.mp4", "said"), known("d.mp4", "neither"))
    for content in ("both", "seen", "gone"):
        store.features.add(features(content), SPACE, now=1.0)
    put(store, "both")
    put(store, "said")
    put(store, "seen", text="")
    rows = {row.fingerprint: row for row in Rows(store.connection, WORDED).all()}
    assert rows == {
        "both": Row("both", ONE + TWO, extracted=True),
        "seen": Row("seen", ONE + bytes(8), extracted=True),
        "said": Row("said", bytes(4) + TWO, extracted=False),
    }
    assert Rows(store.connection, WORDED).get("both") == rows["both"]
    assert Rows(store.connection, WORDED).get("neither") is None


def test_without_words_a_row_is_what_is_extracted(store: Store) -> None:
    fill(store, known("a.mp4", "both"), known("c.mp4", "said"))
    store.features.add(features("both"), SPACE, now=1.0)
    put(store, "both")
    put(store, "said")
    plain = FeatureSpace(SPACE, WORDED.extracted, "embedded", "cpu")
    assert list(Rows(store.connection, plain).all()) == [Row("both", ONE, extracted=True)]


def test_texts_of_another_tower_do_not_count(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    store.captions.put(caption("one"), {"another": TWO})
    assert Rows(store.connection, WORDED).get("one") is None


def test_a_caption_is_read_when_its_source_differs_from_what_was_read(store: Store) -> None:
    fill(store, known("a.mp4", "one"), known("b.mp4", "two"), known("c.mp4", "three"))
    assert unread(store) == []  # no scan has looked for it
    store.captions.note_sources({"a.mp4": "s1", "b.mp4": "s1", "c.mp4": "s1", "not known yet.mp4": "s1"})
    put(store, "one", seen="s1")
    put(store, "two", seen="s0")
    assert sorted(unread(store)) == ["b.mp4", "c.mp4"]
    put(store, "two", seen="s1")
    put(store, "three", text="", seen="s1")
    assert unread(store) == []


def test_of_two_copies_the_one_with_more_beside_it_is_read_and_reading_ends(store: Store) -> None:
    fill(store, known("a.mp4", "one"), known("cats/b.mp4", "one"))
    store.captions.note_sources({"a.mp4": "short", "cats/b.mp4": "with sidecars"})
    assert unread(store) == ["cats/b.mp4"]
    put(store, "one", seen="with sidecars")
    assert unread(store) == []


def test_new_arrivals_are_read_first_and_suspects_alone(store: Store) -> None:
    fill(store, known("old.mp4", "old", mtime=1), known("newer.mp4", "newer", mtime=9))
    fill(store, known("dropped.mp4", "dropped", mtime=0), watching=True, now=100.0)
    store.captions.note_sources(dict.fromkeys(("old.mp4", "newer.mp4", "dropped.mp4"), "s"))
    queue = Unread(store.connection, [TOWER])
    assert [one.path for one in queue.next(9)] == ["dropped.mp4", "newer.mp4", "old.mp4"]
    assert [one.path for one in queue.next(9, first={"old"})] == ["old.mp4"]
    assert [one.path for one in queue.next(9, arrived_after=50.0)] == ["dropped.mp4"]


def test_the_queue_hears_of_every_change(store: Store) -> None:
    queue = Unread(store.connection, [TOWER])
    assert queue.next(9) == []
    store.captions.note_sources({"a.mp4": "s1"})
    assert queue.next(9) == []
    fill(store, known("a.mp4", "one"))
    assert [one.fingerprint for one in queue.next(9)] == ["one"]
    put(store, "one")
    queue.read("one")
    assert queue.next(9) == []
    store.captions.note_sources({"a.mp4": "s2"})
    assert [one.seen for one in queue.next(9)] == ["s2"]
    store.captions.note_sources({}, gone=["a.mp4"])
    assert queue.next(9) == []


def test_another_text_makes_the_prediction_stale_and_the_same_does_not(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    put(store, "one", "a cat")
    store.predictions.put(*prediction("one"), now=1.0)
    put(store, "one", "a cat", seen="s2")
    assert store.predictions.all().keys() == {"one"}
    put(store, "one", "a dog", seen="s3")
    assert store.predictions.all() == {}


def test_a_video_is_predicted_by_its_caption_and_again_when_it_is_extracted(store: Store) -> None:
    fill(store, known("a.mp4", "one"), known("b.mp4", "two"))
    backlog = Backlog(store.connection, SPACE, ["another", TOWER])
    assert backlog.unpredicted("model", 9) == []
    put(store, "one")
    put(store, "two", text="")
    assert backlog.unpredicted("model", 9) == [("one", "a.mp4")]
    store.predictions.put(*prediction("one"), now=1.0)
    assert not backlog.any_unpredicted("model")
    store.features.add(features("one"), SPACE, now=1.0)
    assert backlog.unpredicted("model", 9) == [("one", "a.mp4")]


def test_captions_of_videos_that_are_long_gone_are_dropped_with_their_vectors(store: Store) -> None:
    fill(store, known("a.mp4", "stays"))
    put(store, "stays", "a cat")
    put(store, "goes", "a dog")
    Absent(store.connection).sweep(now=100.0, kept=10.0)
    assert store.captions.get("goes") is not None
    Absent(store.connection).sweep(now=200.0, kept=10.0)
    assert store.captions.get("goes") is None
    assert store.connection.execute("SELECT digest FROM texts").fetchall() == [("digest of a cat",)]
    assert store.captions.count() == 1


def test_all_of_it_can_be_forgotten(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    store.captions.note_sources({"a.mp4": "s1"})
    put(store, "one")
    store.captions.clear()
    assert (store.captions.sources(), store.captions.get("one"), store.captions.digests()) == ({}, None, {})
    assert store.connection.execute("SELECT * FROM texts").fetchall() == []


def test_a_caption_is_read_again_for_a_tower_that_has_no_vector_of_it(store: Store) -> None:
    fill(store, known("a.mp4", "one"), known("b.mp4", "two"))
    for path, video in (("a.mp4", "one"), ("b.mp4", "two")):
        store.captions.note_sources({path: "s1"})
        put(store, video, "a cat" if video == "one" else "")
    assert unread(store) == []
    assert [one.path for one in Unread(store.connection, [TOWER, "another"]).next(99)] == ["a.mp4"]
    assert Unread(store.connection, []).next(99) == []
