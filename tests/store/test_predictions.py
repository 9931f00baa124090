"""The model's latest word on each video."""

from dataclasses import replace
from typing import Any

from support.rows import fill, known, prediction

from sorterd.prediction import Prediction
from sorterd.store.store import Store


def test_a_word_comes_back_as_it_was_given(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    odd = "caf\udce9"
    word = Prediction(odd, 0.7, ((odd, 0.7), ("dogs", 0.25)), False, f"not sure: {odd}")
    store.predictions.put("one", "model", word, now=1.0)
    assert store.predictions.all() == {"one": replace(word, reason=r"not sure: caf\xe9")}


def test_the_latest_word_counts(store: Store) -> None:
    fill(store, known("a.mp4", "one"))
    for folder in ("cats", "dogs"):
        store.predictions.put(*prediction("one", folder), now=1.0)
    assert store.predictions.all()["one"].folder == "dogs"
    store.predictions.clear()
    assert store.predictions.all() == {}


def test_words_on_deleted_videos_are_not_handed_out(store: Store) -> None:
    store.predictions.put(*prediction("gone"), now=1.0)
    assert store.predictions.all() == {}


def test_what_lies_in_the_inbox_comes_with_the_word_on_it_and_with_where_it_is_filed(store: Store) -> None:
    fill(store, *(known(path, path[-5]) for path in ("a.mp4", "b.mp4", "c.mp4", "cats/b.mp4", "dogs/d.mp4")))
    for content in "abd":
        store.predictions.put(*prediction(content, move=content == "b"), now=1.0)
    store.predictions.put(*prediction("c", predictor="another"), now=1.0)

    def found(**which: Any) -> list[tuple[str, bool, str | None]]:
        return [(file.path, word.move, filed) for file, word, filed in store.predictions.of_inbox("model", **which)]

    assert found() == [("a.mp4", False, None), ("b.mp4", True, "cats/b.mp4")]
    assert found(sure=True) == [("b.mp4", True, "cats/b.mp4")]
    assert found(only=["a", "c", "d", "nowhere"]) == [("a.mp4", False, None)]
    assert found(only=[]) == []
