from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.made_up import accuracy, world
from sorterd.classifier import Prediction, TrainingDataError, train_classifier
from sorterd.defaults import HEADS

QUICK = ("prototypes",)


def folders_of(predictions: list[Prediction]) -> list[str]:
    return [prediction.folder for prediction in predictions]


def test_new_videos_go_where_videos_like_them_lie_and_most_are_moved() -> None:
    rows, labels = world().library(6, 10)
    new, truth = world().library(6, 20, seed=2)
    predictions = train_classifier(rows, labels).predict(new)
    moved = [(p.folder, t) for p, t in zip(predictions, truth, strict=True) if p.move]
    assert accuracy(folders_of(predictions), truth) > 0.95
    assert len(moved) > 0.8 * len(new)
    assert np.mean([a == b for a, b in moved]) > 0.97


def test_confidence_is_how_often_it_is_right() -> None:
    """Half of what comes belongs nowhere, as the confidence supposes."""
    crowded = world(subjects=12, spread=1.6)
    rows, labels = crowded.library(6, 20)
    new, truth = crowded.library(12, 60, seed=2)
    predictions = train_classifier(rows, labels, candidates=QUICK).predict(new)
    right = accuracy(folders_of(predictions), truth)
    assert 0.4 < right < 0.6
    assert abs(np.mean([p.confidence for p in predictions]) - right) < 0.1


def test_videos_of_other_kinds_stay_in_the_inbox() -> None:
    rows, labels = world().library(6, 10)
    strangers = np.concatenate([world().videos(k, 15, 3) for k in range(6, 12)])
    new, _ = world().library(6, 15, seed=2)
    classifier = train_classifier(rows, labels)
    assert sum(p.move for p in classifier.predict(strangers)) < 0.1 * len(strangers)
    assert sum(p.move for p in classifier.predict(new)) > 0.5 * len(new)


@pytest.mark.parametrize("kind", HEADS)
def test_every_candidate_alone_sorts_and_is_recorded(kind: str) -> None:
    rows, labels = world().library(4, 8)
    new, truth = world().library(4, 10, seed=2)
    classifier = train_classifier(rows, labels, candidates=(kind,))
    assert classifier.kind == kind
    assert list(classifier.candidates) == [kind]
    assert (classifier.candidates[kind].accuracy or 0) > 0.8
    assert accuracy(folders_of(classifier.predict(new)), truth) > 0.85


def test_candidates_count_together_and_one_that_adds_nothing_is_left_out() -> None:
    """Each folder holds two opposite subjects, so that its mean says nothing and only its single videos do."""
    one, other = world(spread=0.6).subjects[:2] - world(spread=0.6).subjects[2:4]
    rng = np.random.default_rng(0)

    def crossed(count: int) -> tuple[np.ndarray, list[str]]:
        middles = np.repeat([one + other, -one - other, one - other, other - one], count, axis=0)
        return middles + rng.normal(scale=0.05, size=middles.shape), ["sum"] * 2 * count + ["difference"] * 2 * count

    rows, labels = crossed(8)
    new, truth = crossed(10)
    classifier = train_classifier(rows, labels, candidates=("prototypes", "knn"))
    assert (classifier.kind, list(classifier.scorers.heads)) == ("knn", ["knn"])
    assert accuracy(folders_of(classifier.predict(new)), truth) > 0.95
    assert (classifier.candidates["prototypes"].accuracy or 0.0) < 0.7


@pytest.mark.parametrize("spread", [1.6, 2.2])
def test_all_candidates_together_are_as_good_as_the_best_of_them(spread: float) -> None:
    place = world(spread=spread)
    new, truth = place.library(8, 40, seed=2)

    def right(candidates: tuple[str, ...]) -> float:
        classifier = train_classifier(*place.library(8, 10), candidates=candidates)
        return accuracy(folders_of(classifier.predict(new)), truth)

    assert right(HEADS) > max(right((kind,)) for kind in HEADS) - 0.02


def test_shares_of_all_folders_and_of_none_add_up_to_one() -> None:
    rows, labels = world().library(4, 8)
    new, _ = world().library(6, 3, seed=2)
    for prediction in train_classifier(rows, labels, candidates=QUICK).predict(new):
        total = sum(share for _, share in prediction.top)
        assert 0.0 <= total <= 1.0 + 1e-9
        assert prediction.top[0] == (prediction.folder, prediction.confidence)


def test_a_half_of_pure_noise_does_not_make_sorting_worse() -> None:
    place = world(spread=1.6)
    rows, labels = place.library(6, 8)
    new, truth = place.library(6, 30, seed=2)
    rng = np.random.default_rng(0)
    alone = train_classifier(rows, labels, candidates=QUICK)
    both = train_classifier(np.hstack([rows, rng.normal(size=rows.shape)]), labels, blocks=(48, 48), candidates=QUICK)
    noisy = both.predict(np.hstack([new, rng.normal(size=new.shape)]))
    assert accuracy(folders_of(noisy), truth) > accuracy(folders_of(alone.predict(new)), truth) - 0.03


def test_folders_that_differ_only_by_what_is_said_are_told_apart() -> None:
    rows, labels = world().library(4, 8)
    new, truth = world().library(4, 10, seed=2)
    rng = np.random.default_rng(0)
    classifier = train_classifier(
        np.hstack([rng.normal(size=rows.shape), rows]), labels, blocks=(48, 48), candidates=QUICK
    )
    predictions = classifier.predict(np.hstack([rng.normal(size=new.shape), new]))
    assert accuracy(folders_of(predictions), truth) > 0.9


def test_missing_speech_is_no_evidence_for_the_folder_that_happens_to_lack_it() -> None:
    rows, labels = world().library(4, 8)
    speech = world(seed=5).library(4, 8)[0].copy()
    speech[:8] = 0.0
    new, truth = world().library(4, 10, seed=2)
    silent = np.hstack([new, np.zeros_like(new)])
    predictions = train_classifier(np.hstack([rows, speech]), labels, blocks=(48, 48)).predict(silent)
    assert accuracy(folders_of(predictions), truth) > 0.9


def test_one_video_per_folder_with_a_meaningful_name_beats_the_video_alone() -> None:
    place = world(spread=1.8)
    rows, labels = place.library(6, 1)
    new, truth = place.library(6, 30, seed=2)
    names = {f"folder{k}": place.subjects[k] for k in range(6)}
    without = folders_of(train_classifier(rows, labels).predict(new))
    named = folders_of(train_classifier(rows, labels, category_vectors=names).predict(new))
    assert accuracy(named, truth) > accuracy(without, truth) + 0.05


def test_names_speak_to_each_modality_in_the_vectors_of_its_own_text_tower() -> None:
    place, other = world(spread=1.8), world(spread=1.8, seed=5)
    rows, labels = other.library(6, 1)
    new, truth = other.library(6, 30, seed=2)
    unseen, unseen_new = np.zeros((len(rows), 16)), np.zeros((len(new), 16))
    names = {f"folder{k}": other.subjects[k] for k in range(6)}
    pictures = {f"folder{k}": place.subjects[k][:16] for k in range(6)}
    both, both_new = np.hstack([unseen, rows]), np.hstack([unseen_new, new])
    without = folders_of(train_classifier(both, labels, blocks=(16, 48)).predict(both_new))
    named = train_classifier(both, labels, blocks=(16, 48), category_vectors=[pictures, names])
    assert accuracy(folders_of(named.predict(both_new)), truth) > accuracy(without, truth) + 0.05


def test_a_name_that_only_one_modality_knows_is_a_folder() -> None:
    rows, labels = world().library(2, 4)
    names = [{}, {"empty": np.ones(24)}]
    classifier = train_classifier(rows, labels, blocks=(24, 24), category_vectors=names, candidates=QUICK)
    assert classifier.rules.folders == ("folder0", "folder1", "empty")


def test_a_third_modality_is_explained_by_its_own_heads() -> None:
    rows, labels = world().library(3, 8)
    three = np.hstack([np.zeros((len(rows), 8)), np.zeros((len(rows), 4)), rows])
    names = [{}, {}, {f"folder{k}": world().subjects[k] for k in range(3)}]
    classifier = train_classifier(three, labels, blocks=(8, 4, 48), category_vectors=names)
    said = classifier.explain(three[0], three, labels)
    assert said.modalities[:2] == ((), ())
    assert said.modalities[2][0][0] == labels[0]
    assert not said.names or said.names[0][0] == labels[0]


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


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows, labels = world().library(4, 6)
    new, _ = world().library(6, 2, seed=2)
    one = train_classifier(rows, labels)
    turn = np.random.default_rng(0).permutation(len(rows))
    other = train_classifier(rows[turn], [labels[i] for i in turn])
    assert one.predict(new) == other.predict(new)
    assert [one.evaluation.outcomes[i] for i in turn] == list(other.evaluation.outcomes)


def test_copies_of_a_video_do_not_vouch_for_each_other() -> None:
    rows, labels = world(spread=4.0).library(4, 5)
    twice, labels = np.concatenate([rows, rows]), labels * 2
    honest = train_classifier(twice, labels, candidates=("logreg",)).candidates["logreg"].accuracy
    apart = range(len(twice))
    fooled = train_classifier(twice, labels, candidates=("logreg",), groups=apart).candidates["logreg"].accuracy
    assert honest is not None
    assert fooled is not None
    assert honest < 0.7 < fooled


def test_outcomes_are_recorded_for_every_row_that_could_be_held_out() -> None:
    rows, labels = world().library(3, 5)
    lonely = world().videos(5, 1, 1)
    classifier = train_classifier(np.concatenate([rows, lonely]), [*labels, "lonely"])
    assert [outcome is not None for outcome in classifier.evaluation.outcomes] == [True] * 15 + [False]
    assert [o.label for o in classifier.evaluation.outcomes if o] == labels
    keyed = classifier.evaluation.keyed([f"video{i}" for i in range(16)])
    assert set(keyed) == {f"video{i}" for i in range(15)}


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


def test_returned_videos_are_evidence_against_moving_their_like() -> None:
    rows, labels = world().library(4, 10)
    returned = world().videos(8, 20, 1)
    like_them = world().videos(8, 20, 2)
    without = train_classifier(rows, labels, candidates=QUICK).predict(like_them)
    with_them = train_classifier(rows, labels, candidates=QUICK, negatives=returned).predict(like_them)
    assert np.mean([p.confidence for p in with_them]) < np.mean([p.confidence for p in without])


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
