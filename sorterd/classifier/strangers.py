"""The share of videos that belong to no folder, learned from all that is known and not filed by the user. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection
from statistics import median

import numpy as np
from numpy.typing import ArrayLike

from sorterd.classifier.classifier import Classifier
from sorterd.classifier.readiness import CALIBRATED_FROM

# What is expected of so many videos before any is seen: half of them belong nowhere.
EXPECTED = 10.0
LEAST, MOST = 0.05, 0.5
ROUNDS = 100


def share_of_strangers(classifier: Classifier, features: ArrayLike) -> float:
    """The `strangers` to call `predict` with, from 0.05 to 0.5.

    `features` [n, D] are all videos that are known and that the user has not filed, also those that were moved by us.
    The same set gives the same share, whatever the order; copies count once. While the median folder has fewer than
    five videos there is too little to judge them by: 0.5.
    """
    filed = [number for number in classifier.rules.videos if number]
    if len(filed) < 2 or median(filed) < CALIBRATED_FROM:
        return MOST
    rows = np.asarray(features, dtype=np.float64)
    different = np.unique(rows, axis=0) if len(rows) else rows
    return shared([said.confidence for said in classifier.predict(different)])


def shared(confidences: Collection[float]) -> float:
    """The share at which the videos that it makes strangers are that share of all.

    `confidences` are those that half of the videos are strangers with. Maximum likelihood estimation of a class prior
    (Saerens, Latinne & Decaestecker 2002), with a pull towards a half.
    """
    odds = [min(max(c, 1e-12), 1.0 - 1e-12) for c in confidences]
    odds = [c / (1.0 - c) for c in odds]
    share = MOST
    for _ in range(ROUNDS):
        strange = math.fsum(1.0 / (1.0 + odd * (1.0 - share) / share) for odd in odds)
        share = min(MOST, max(LEAST, (strange + EXPECTED / 2) / (len(odds) + EXPECTED)))
    return share
