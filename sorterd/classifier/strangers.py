"""The share of videos that belong to no folder, learned from all that is known and not filed by the user. Pure."""

from __future__ import annotations

from statistics import median

import numpy as np
from numpy.typing import ArrayLike

from sorterd.classifier.classifier import Classifier
from sorterd.strangers import CALIBRATED_FROM, HALF, shared


def share_of_strangers(classifier: Classifier, features: ArrayLike) -> float:
    """Return the `strangers` to call `predict` with, from 0.05 to 0.5.

    `features` [n, D] are all videos that are known and that the user has not filed, also those that were moved by us.
    The same set gives the same share, whatever the order; copies count once. While the median folder has fewer than
    five videos there is too little to judge them by: 0.5.
    """
    filed = [number for number in classifier.rules.videos if number]
    if len(filed) < 2 or median(filed) < CALIBRATED_FROM:
        return HALF
    rows = np.asarray(features, dtype=np.float64)
    different = np.unique(rows, axis=0) if len(rows) else rows
    return shared([said.confidence for said in classifier.predict(different)])
