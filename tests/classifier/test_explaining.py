import numpy as np
import pytest

from classifier.made_up import world
from sorterd.classifier import train_classifier


def test_an_explanation_names_what_each_half_said_and_the_closest_videos() -> None:
    rows, labels = world().library(4, 8)
    both = np.hstack([rows, world(seed=7).library(4, 8)[0]])
    classifier = train_classifier(both, labels, blocks=(48, 48), candidates=("prototypes",))
    video = np.r_[world().videos(2, 1, 5)[0], world(seed=7).videos(2, 1, 5)[0]]
    explanation = classifier.explain(video, both, labels)
    assert explanation.prediction == classifier.predict(video[None])[0]
    assert [half[0][0] for half in explanation.modalities] == ["folder2", "folder2"]
    assert explanation.neighbours[0].folder == "folder2"
    assert labels[explanation.neighbours[0].row] == "folder2"
    similarities = [neighbour.similarity for neighbour in explanation.neighbours]
    assert similarities == sorted(similarities, reverse=True)
    assert 0.0 <= explanation.none_probability <= 1.0


def test_a_stranger_is_less_like_the_folders_than_their_own_videos_are() -> None:
    rows, labels = world().library(4, 8)
    classifier = train_classifier(rows, labels, candidates=("prototypes",))
    stranger = classifier.explain(world().videos(9, 1, 1)[0], rows, labels)
    member = classifier.explain(world().videos(2, 1, 5)[0], rows, labels)
    assert stranger.none_probability > 0.5 > member.none_probability
    shortfall = {trait.name: trait for trait in stranger.traits}["shortfall"]
    assert shortfall.value > 0.2
    assert shortfall.adds < -1.0


def test_the_numbers_behind_a_confidence_add_up_to_it() -> None:
    rows, labels = world().library(4, 8)
    classifier = train_classifier(rows, labels, candidates=("prototypes",))
    explanation = classifier.explain(world().videos(2, 1, 5)[0], rows, labels)
    log_odds = explanation.baseline + sum(trait.adds for trait in explanation.traits)
    assert explanation.prediction.confidence == pytest.approx(1 / (1 + np.exp(-log_odds)))
