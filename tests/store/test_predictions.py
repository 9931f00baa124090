"""The model's latest word on each video."""

from __future__ import annotations

from dataclasses import replace

from sorterd.store.predictions import Prediction
from sorterd.store.store import Store
from store.rows import SPACE, features, fill, known, prediction


def unjudged(store: Store, judge: str = "judge", limit: int = 99) -> list[str]:
    return [path for _, path, _ in store.predictions.unjudged(SPACE, judge, limit)]


def with_features(store: Store, *contents: str) -> None:
    for content in contents:
        store.features.add(features(content), SPACE, now=1.0)


def test_a_word_comes_back_as_it_was_given(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    odd = "caf\udce9"
    word = Prediction("one", "judge", odd, 0.7, ((odd, 0.7), ("dogs", 0.25)), False, f"not sure: {odd}")
    store.predictions.put(word, now=1.0)
    assert store.predictions.all() == {"one": replace(word, reason=r"not sure: caf\xe9")}


def test_the_latest_word_counts(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    for folder in ("cats", "dogs"):
        store.predictions.put(prediction("one", folder), now=1.0)
    assert store.predictions.all()["one"].folder == "dogs"
    store.predictions.clear()
    assert store.predictions.all() == {}


def test_words_on_deleted_videos_are_not_handed_out(store: Store) -> None:
    store.predictions.put(prediction("gone"), now=1.0)
    assert store.predictions.all() == {}


def test_inbox_videos_with_features_that_this_judge_has_not_seen_are_unjudged(store: Store) -> None:
    fill(store, *(known(f"{name}.mp4", name) for name in ("new", "stale", "judged", "waiting")))
    fill(store, known("cats/a.mp4", "filed"))
    with_features(store, "new", "stale", "judged", "filed")
    store.predictions.put(prediction("stale", judge="an older one"), now=1.0)
    store.predictions.put(prediction("judged"), now=1.0)
    assert sorted(unjudged(store)) == ["new.mp4", "stale.mp4"]


def test_newcomers_are_judged_first(store: Store) -> None:
    fill(store, known("old.mp4", "old", mtime=1), known("young.mp4", "young", mtime=5))
    fill(store, known("dropped.mp4", "dropped", mtime=0), watching=True)
    with_features(store, "old", "young", "dropped")
    assert unjudged(store) == ["dropped.mp4", "young.mp4", "old.mp4"]
    assert unjudged(store, limit=1) == ["dropped.mp4"]


def test_two_copies_in_the_inbox_are_judged_once(store: Store) -> None:
    fill(store, known("a.mp4", "one"), known("b.mp4", "one"))
    with_features(store, "one")
    assert unjudged(store) == ["a.mp4"]


def test_features_of_another_space_are_not_judged(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    store.features.add(features("one"), "another", now=1.0)
    assert unjudged(store) == []
