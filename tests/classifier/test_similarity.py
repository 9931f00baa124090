"""How far several modalities that agree say more than one of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import norm

from classifier.made_up import Rows, world
from classifier.training import QUICK
from sorterd.classifier import Classifier, Prediction, train_classifier
from sorterd.classifier.coefficients import Coefficients
from sorterd.classifier.confidence import log_odds, traits
from sorterd.classifier.held_out import _tells
from sorterd.classifier.modality import split_modalities
from sorterd.classifier.similarity import Similarity

WIDTH = 48
SEEN, TOLD = (world(width=WIDTH, spread=1.4, seed=seed) for seed in (1, 2))
CHANCE = np.random.default_rng(0)


def both(count: int, seed: int, subjects: int = 6) -> tuple[Rows, list[str]]:
    seen, labels = SEEN.library(subjects, count, seed)
    return np.hstack([seen, TOLD.library(subjects, count, seed + 1)[0]]), labels


def noise(rows: Rows) -> Rows:
    return CHANCE.normal(size=rows.shape).astype(np.float32)


def trained(rows: Rows, labels: list[str]) -> Classifier:
    blocks = (WIDTH,) * (rows.shape[1] // WIDTH)
    return train_classifier(rows, labels, blocks=blocks, candidates=QUICK, captions=())


def moved_right(classifier: Classifier, rows: Rows) -> tuple[float, float]:
    """Return which part of the videos of six known subjects is moved to the right folder, and how many moves are right.

    `rows` are as many videos of each of twelve subjects, the known ones first.
    """
    said = classifier.predict(rows)
    truth = np.repeat(np.arange(12), len(rows) // 12)
    moved = [(one.folder, f"folder{k}") for one, k in zip(said, truth, strict=True) if one.move]
    right = sum(folder == true for folder, true in moved)
    return right / (len(rows) / 2), right / max(1, len(moved))


LABELLED, LABELS = both(10, 1)
ARRIVING, _ = both(30, 7, subjects=12)


@pytest.mark.parametrize("empty", [1, 2])
def test_modalities_that_no_video_has_change_nothing(empty: int) -> None:
    def padded(rows: Rows) -> list[Prediction]:
        spare = np.zeros((len(LABELLED), WIDTH * empty), dtype=np.float32)
        classifier = trained(np.hstack([LABELLED[:, :WIDTH], spare]), LABELS)
        return classifier.predict(np.hstack([rows, np.zeros((len(rows), WIDTH * empty))]))

    assert padded(ARRIVING[:, :WIDTH]) == trained(LABELLED[:, :WIDTH], LABELS).predict(ARRIVING[:, :WIDTH])


def test_a_video_with_one_modality_is_as_similar_as_that_one_says() -> None:
    classifier = trained(LABELLED, LABELS)
    assert 0.1 < classifier.similarity.weights[1] < 0.9  # of a mean the other would be a part
    only_seen = ARRIVING.copy()
    only_seen[:, WIDTH:] = 0.0
    parts = split_modalities(only_seen.astype(np.float64), classifier.widths)
    expected = classifier.similarity.prototypes[0].similarity(parts[0].rows)
    np.testing.assert_array_equal(classifier.similarity.measure(parts), expected)
    assert not classifier.evidence(parts).added.any()  # so a lead that is too small takes nothing from it


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_two_that_agree_move_more_than_one_alone_and_are_right(missing: float) -> None:
    rows, new = LABELLED.copy(), ARRIVING.copy()
    for some in (rows, new):
        some[CHANCE.random(len(some)) < missing, WIDTH:] = 0.0
    together, right = moved_right(trained(rows, LABELS), new)
    alone, _ = moved_right(trained(rows[:, :WIDTH], LABELS), new[:, :WIDTH])
    assert together > alone + 0.1
    assert right > 0.95


@pytest.mark.parametrize("candidates", [QUICK, ("knn", "logreg")])
def test_one_that_is_noise_changes_nothing(candidates: tuple[str, ...]) -> None:
    def said(rows: Rows, new: Rows) -> list[Prediction]:
        blocks = (WIDTH,) * (rows.shape[1] // WIDTH)
        return train_classifier(rows, LABELS, blocks=blocks, candidates=candidates, captions=()).predict(new)

    seen, new = LABELLED[:, :WIDTH], ARRIVING[:, :WIDTH]
    chance = np.random.default_rng(2)
    told = [chance.normal(size=rows.shape).astype(np.float32) for rows in (seen, new)]
    noisy = said(np.hstack([seen, told[0]]), np.hstack([new, told[1]]))
    for one, alone in zip(noisy, said(seen, new), strict=True):
        assert (one.folder, one.move) == (alone.folder, alone.move)
        assert one.confidence == pytest.approx(alone.confidence)


@pytest.mark.parametrize("right", [0.0, 0.2, 0.8])
def test_a_modality_tells_something_if_it_is_clearly_right_more_often_than_chance(right: float) -> None:
    categories = np.repeat(np.arange(5), 8)
    guessed = np.where(np.arange(40) % 10 < 10 * right, categories, (categories + 1) % 5)
    assert _tells(np.eye(5)[guessed], categories) == (right > 0.5)


@pytest.mark.parametrize("by", [0.0, 1.0])
def test_a_few_videos_tell_by_how_much_a_modality_favours_their_own_folders(by: float) -> None:
    """Of two folders with three videos each, four are right: no more often than chance, but two are only just wrong."""
    own, other = np.array([3.0, 3.0, 0.0, 3.0, 3.0, 0.0]), np.array([0.0, 0.0, 3.0 - 2.9 * by] * 2)
    scores = np.where(np.arange(2) == np.repeat([[0], [1]], 3, axis=0), own[:, None], other[:, None])
    assert _tells(scores, np.repeat([0, 1], 3)) == (by > 0.0)


@pytest.mark.parametrize("sizes", [(3, 3), (40, 2, 2, 2), (10, 10, 10, 10)])
def test_random_words_seldom_tell_something_however_unequal_the_folders_are(sizes: tuple[int, ...]) -> None:
    chance, categories = np.random.default_rng(1), np.repeat(np.arange(len(sizes)), sizes)
    larger = np.linspace(1.0, 0.0, len(sizes))  # any video may be more similar to a large folder
    told = [_tells(chance.normal(larger, size=(len(categories), len(sizes))), categories) for _ in range(200)]
    assert np.mean(told) < 0.2


@pytest.mark.parametrize("told", [1, 2])
def test_a_video_that_fits_two_folders_as_well_is_not_moved_however_similar_it_is(told: int) -> None:
    """Four folders are filmed in one room, and only words tell them apart: those of some videos fit two of them."""

    def filmed(rooms: list[int], words: Rows, seed: int) -> Rows:
        seen = np.concatenate([SEEN.videos(room, 1, 0) for room in rooms])
        noise = np.random.default_rng(seed).normal(size=seen.shape) * 0.03
        return np.hstack([seen + noise, *[words] * told]).astype(np.float32)

    words, labels = TOLD.library(6, 10, 3)
    rows = filmed([max(0, n // 10 - 3) for n in range(60)], words, 1)
    classifier = trained(rows, labels)
    assert sum(one.move for one in classifier.predict(filmed([0] * 20, TOLD.videos(0, 20, 5), 2))) > 10
    mixed = np.concatenate([TOLD.videos(0, 40, 6) + TOLD.videos(other, 40, 7) for other in (1, 2, 3)])
    asked = filmed([0] * 120, mixed, 3)
    evidence = classifier.evidence(split_modalities(asked.astype(np.float64), classifier.widths))
    unclear = np.flatnonzero(traits(evidence, classifier.usual)["lead_in_spreads"] < 1.0)
    assert len(unclear) > 10
    said = classifier.predict(asked)
    assert not any(said[i].move for i in unclear)
    explained = classifier.explain(asked[unclear[0]], rows, labels)
    odds = explained.baseline + sum(trait.adds for trait in explained.traits)
    assert explained.traits[-1].name == "lead_in_spreads"
    assert said[unclear[0]].confidence == pytest.approx(expit(odds))


@pytest.mark.parametrize(("weights", "added"), [((1, 0, 0), 0), ((9, 1, 0), 0.22), ((1, 1, 0), 1), ((1, 1, 1), 1)])
def test_a_modality_that_hardly_counts_hardly_adds(weights: tuple[int, ...], added: float) -> None:
    rows = np.tile(LABELLED[:3, :WIDTH], 3).astype(np.float64)
    found = Similarity((), np.array(weights) / sum(weights)).added(split_modalities(rows, (WIDTH,) * 3))
    assert found == pytest.approx(added, abs=0.01)


@given(linear=st.floats(-20, 20), lead=st.floats(-50, 50))
def test_the_folder_is_no_likelier_than_to_be_the_most_similar_one(linear: float, lead: float) -> None:
    coefficients = Coefficients(linear, {})
    odds = log_odds({"lead_in_spreads": np.full(3, lead), "added": np.array([1.0, 0.1, 0.0])}, coefficients)
    assert expit(odds[0]) <= norm.cdf(lead) + 0.01
    assert odds[2] == linear  # by one modality alone
    assert min(odds[0], linear) <= odds[1] <= linear  # hardly less with a second one that hardly counts


def test_a_video_that_was_taken_out_competes_on_the_same_scale() -> None:
    """One that comes again is as similar to itself as anything can be, by however many modalities."""
    strange = ARRIVING[-1:]
    classifier = train_classifier(
        LABELLED, LABELS, blocks=(WIDTH, WIDTH), candidates=QUICK, captions=(), negatives=np.concatenate([strange])
    )
    evidence = classifier.evidence(split_modalities(strange.astype(np.float64), classifier.widths))
    weights = classifier.similarity.weights
    assert evidence.rejected[0] == pytest.approx(weights.sum() / np.linalg.norm(weights))
    assert evidence.similarity.max() < evidence.rejected[0]
    nearest = classifier.explain(LABELLED[3], LABELLED, LABELS).neighbours[0]
    assert nearest.row == 3
    assert nearest.similarity == pytest.approx(1.0)
