import numpy as np
import pytest

from classifier.made_up import accuracy, world
from classifier.training import QUICK, folders_of
from sorterd.classifier import train_classifier
from sorterd.defaults import HEADS


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
    assert [outcome is not None for outcome in classifier.held_out] == [True] * 15 + [False]
    assert [o.label for o in classifier.held_out if o] == labels


def test_returned_videos_are_evidence_against_moving_their_like() -> None:
    rows, labels = world().library(4, 10)
    returned = world().videos(8, 20, 1)
    like_them = world().videos(8, 20, 2)
    without = train_classifier(rows, labels, candidates=QUICK).predict(like_them)
    with_them = train_classifier(rows, labels, candidates=QUICK, negatives=returned).predict(like_them)
    assert np.mean([p.confidence for p in with_them]) < np.mean([p.confidence for p in without])
