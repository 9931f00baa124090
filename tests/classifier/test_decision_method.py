"""What decides videos otherwise raises DECISION_METHOD: after an update, nothing is moved before it was announced."""

import numpy as np
import pytest

from classifier.made_up import world
from sorterd.captions import source
from sorterd.classifier import train_classifier
from sorterd.features import fusion
from sorterd.pipeline import heard_again
from sorterd.pipeline.training_policy import DECISION_METHOD

WIDTH, SUBJECTS = 32, 6
WORLDS = [world(subjects=SUBJECTS, width=WIDTH, spread=1.2, seed=seed) for seed in (1, 2, 3)]  # pictures, speech, words
RAISE = "raise DECISION_METHOD, then write down here what is new"


def confidences(folders: int, modalities: int) -> list[float]:
    """Return what is said of twelve videos, of which some lack speech or a caption, and some belong nowhere."""
    rows = np.hstack([one.library(folders, 8)[0] for one in WORLDS[:modalities]])
    asked = np.hstack([one.library(SUBJECTS, 2, 7)[0] for one in WORLDS[:modalities]])
    for lacking in (rows, asked):
        lacking[::3, WIDTH : 2 * WIDTH] = 0.0
        lacking[1::4, 2 * WIDTH :] = 0.0
    labels = WORLDS[0].library(folders, 8)[1]
    classifier = train_classifier(rows, labels, blocks=(WIDTH,) * modalities, negatives=asked[-1:])
    return [one.confidence for one in classifier.predict(asked)]


@pytest.mark.parametrize(
    ("folders", "modalities", "recorded"),
    [
        (2, 1, [0.99, 0.89, 0.86, 0.95, 0.75, 0.02, 0.04, 0.13, 0.35, 0.65, 0.01, 0.01]),
        (4, 2, [0.91, 0.97, 0.92, 0.11, 0.99, 1.0, 0.37, 1.0, 0.44, 0.24, 0.18, 0.0]),
        (4, 3, [1.0, 0.92, 0.97, 0.83, 1.0, 0.99, 0.81, 1.0, 0.14, 0.12, 0.0, 0.0]),
    ],
)
def test_decisions_are_those_of_the_recorded_method(folders: int, modalities: int, recorded: list[float]) -> None:
    assert confidences(folders, modalities) == pytest.approx(recorded, abs=0.02), RAISE


def test_what_is_read_heard_and_extracted_is_as_when_the_method_was_last_raised() -> None:
    assert (DECISION_METHOD, source.RULES, heard_again.RULES, fusion.VERSION) == (7, 4, 1, 2), RAISE
