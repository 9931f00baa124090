"""Training on little: few folders, few videos, names alone, vectors of zero, and parts that do not fit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.made_up import accuracy, world
from classifier.training import QUICK, folders_of
from sorterd.classifier import TrainingDataError, train_classifier


def test_one_video_per_folder_with_a_meaningful_name_beats_the_video_alone() -> None:
    place = world(spread=1.8)
    rows, labels = place.library(6, 1)
    new, truth = place.library(6, 30, seed=2)
    names = {f"folder{k}": place.subjects[k] for k in range(6)}
    without = folders_of(train_classifier(rows, labels).predict(new))
    named = folders_of(train_classifier(rows, labels, category_vectors=names).predict(new))
    assert accuracy(named, truth) > accuracy(without, truth) + 0.05


def test_names_that_mean_nothing_are_rejected() -> None:
    place = world(spread=1.6)
    rows, labels = place.library(6, 8)
    new, truth = place.library(6, 30, seed=2)
    names = {f"folder{k}": place.subjects[(k + 1) % 6] for k in range(6)}
    without = folders_of(train_classifier(rows, labels, candidates=QUICK).predict(new))
    misled = folders_of(train_classifier(rows, labels, category_vectors=names, candidates=QUICK).predict(new))
    assert accuracy(misled, truth) > accuracy(without, truth) - 0.03


def test_an_empty_folder_is_suggested_by_its_name_but_never_moved_into() -> None:
    rows, labels = world().library(4, 10)
    names = {f"folder{k}": world().subjects[k] for k in range(5)}
    strangers = world().videos(4, 10, 3)
    predictions = train_classifier(rows, labels, category_vectors=names).predict(strangers)
    assert all("folder4" in dict(p.top) for p in predictions)
    assert sum(p.folder == "folder4" for p in predictions) >= 5
    assert not any(p.move for p in predictions if p.folder == "folder4")
    assert any("empty" in p.reason for p in predictions)


def test_the_small_folder_is_found_next_to_a_large_one() -> None:
    place = world(spread=1.6)
    rows = np.concatenate([place.videos(0, 100, 1), *(place.videos(k, 4, 1) for k in range(1, 6))])
    labels = ["folder0"] * 100 + [f"folder{k}" for k in range(1, 6) for _ in range(4)]
    new, truth = place.library(6, 30, seed=2)
    predicted = folders_of(train_classifier(rows, labels).predict(new))
    assert accuracy(predicted[30:], truth[30:]) > 0.75


@pytest.mark.filterwarnings("error")
def test_many_folders_of_few_videos_give_no_warning() -> None:
    rows = np.random.default_rng(1).normal(size=(26, 16))
    train_classifier(rows, [f"folder{number % 16}" for number in range(26)])


def test_one_folder_alone_is_suggested_but_nothing_is_moved() -> None:
    rows, labels = world().library(1, 10)
    predictions = train_classifier(rows, labels).predict(world().videos(0, 5, 2))
    assert {p.folder for p in predictions} == {"folder0"}
    assert not any(p.move for p in predictions)
    assert all("only folder" in p.reason for p in predictions)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_folder_with_few_videos_is_suggested_but_not_moved_into(count: int) -> None:
    rows, labels = world(spread=0.3).library(4, 10)
    few = world(spread=0.3).videos(5, count, 1)
    classifier = train_classifier(np.concatenate([rows, few]), labels + ["few"] * count)
    predictions = classifier.predict(world(spread=0.3).videos(5, 10, 2))
    assert {p.folder for p in predictions} == {"few"}
    assert not any(p.move for p in predictions)
    assert all(p.confidence <= (count + 1) / (count + 2) for p in predictions)
    assert f"only {count} of the 5" in predictions[0].reason


def test_without_any_labels_the_names_suggest_and_nothing_is_moved() -> None:
    names = {f"folder{k}": world().subjects[k] for k in range(3)}
    predictions = train_classifier(np.zeros((0, 48)), [], category_vectors=names).predict(world().videos(1, 5, 1))
    assert [p.folder for p in predictions].count("folder1") >= 3
    assert not any(p.move for p in predictions)


def test_without_labels_and_names_there_is_nothing_to_choose_from() -> None:
    prediction = train_classifier(np.zeros((0, 48)), []).predict(world().videos(1, 1, 1))[0]
    assert (prediction.folder, prediction.confidence, prediction.top, prediction.move) == ("", 0.0, (), False)
    assert "no folders" in prediction.reason


def test_a_zero_vector_is_never_moved() -> None:
    rows, labels = world().library(4, 10)
    prediction = train_classifier(rows, labels).predict(np.zeros((1, 48)))[0]
    assert not prediction.move
    assert prediction.confidence < 0.5
    assert "nothing could be seen or heard" in prediction.reason


def test_identical_vectors_in_two_folders_leave_it_undecided() -> None:
    rows = np.ones((12, 8), dtype=np.float32)
    prediction = train_classifier(rows, ["a"] * 6 + ["b"] * 6).predict(rows[:1])[0]
    assert not prediction.move
    assert prediction.confidence <= 0.6


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"features": np.full((3, 4), np.nan)}, "features holds NaN"),
        ({"features": np.zeros(4)}, "must be a matrix"),
        ({"labels": ["a", "b"]}, "2 labels"),
        ({"labels": ["a", "b", ""]}, "label is empty"),
        ({"blocks": (2, 3)}, "sum to the 4 columns"),
        ({"blocks": (4, 0)}, "must be positive"),
        ({"groups": [1]}, "1 groups"),
        ({"negatives": np.zeros((2, 5))}, "negatives has 5 columns, expected 4"),
        ({"negatives": np.full((1, 4), np.inf)}, "negatives holds NaN or infinity in 1 rows"),
        ({"category_vectors": {"a": np.zeros(3)}}, "category vector of 'a'"),
        ({"category_vectors": [{}, {}]}, "2 mappings for 1 modalities"),
        ({"category_vectors": [{"a": np.full(4, np.nan)}]}, "category vector of 'a'"),
        ({"candidates": ("oracle",)}, "candidates must be one or more of"),
    ],
)
def test_parts_that_do_not_fit_together_are_named(change: dict[str, object], says: str) -> None:
    given: dict[str, object] = {"features": np.eye(3, 4), "labels": ["a", "b", "b"], **change}
    with pytest.raises(TrainingDataError, match=says):
        train_classifier(**given)  # type: ignore[arg-type]


def test_predicting_rows_of_another_width_or_with_nan_is_refused() -> None:
    classifier = train_classifier(*world().library(2, 3), candidates=QUICK)
    with pytest.raises(TrainingDataError, match="47 columns, expected 48"):
        classifier.predict(np.zeros((1, 47)))
    with pytest.raises(TrainingDataError, match="NaN"):
        classifier.predict(np.full((1, 48), np.nan))
    assert classifier.predict(np.zeros((0, 48))) == []


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=0, max_size=4),
    taken_out=st.integers(0, 4),
    modalities=st.sampled_from([None, (8, 4), (4, 8), (6, 6)]),
    blank=st.sets(st.integers(0, 15)),
    seed=st.integers(0, 100),
)
def test_any_small_library_gives_probabilities_and_cautious_moves(
    sizes: list[int], taken_out: int, modalities: tuple[int, int] | None, blank: set[int], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    labels = [f"f{k}" for k, size in enumerate(sizes) for _ in range(size)]
    rows = rng.normal(size=(len(labels), 12))
    rows[[i for i in blank if i < len(rows)], 6:] = 0.0
    classifier = train_classifier(
        rows,
        labels,
        blocks=modalities,
        negatives=rng.normal(size=(taken_out, 12)),
        candidates=("prototypes", "logreg", "knn"),
    )
    for prediction in classifier.predict(rng.normal(size=(3, 12))):
        assert 0.0 <= prediction.confidence <= 1.0
        assert sum(share for _, share in prediction.top) <= 1.0 + 1e-9
        assert not prediction.move  # no folder has five videos
        assert prediction.reason
