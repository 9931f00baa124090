"""The folders against the inbox: in which directions what lies there differs from what has been filed.

Learning from labelled members of some classes and from a heap in which members and others are mixed (Elkan & Noto
2008): each waiting video counts as one of "none of these" by how little it is like the folders. What is plainly strange
shows the directions in which strangers differ, and those find the strangers that are like a folder at first sight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from sorterd.classifier.arrays import Floats, Ints

# Inverse L2 penalty on unit vectors. 1 and 10 rank alike, whether a video is left out of the heap that it is judged
# against or not, but 10 says less of a video that it was fitted to, and 1 too much of strangers that are close. Ridge
# regression in its place ranks clearly worse where the strangers are close.
STRENGTH = 4.0
# With less than so many strangers in the heap there is no direction to be learned.
FEWEST_STRANGERS = 5.0


@dataclass(frozen=True, slots=True)
class Contrast:
    """`weights` [d, categories + 1] and `offsets` [categories + 1], the last of them for none of these."""

    weights: Floats
    offsets: Floats

    def log_odds(self, places: Floats) -> Floats:
        """Of the likeliest category against none of these, [n]."""
        logits = places @ self.weights + self.offsets
        return np.asarray(logits[:, :-1].max(axis=1) - logits[:, -1])


def fit_contrast(
    members: Floats, categories: Ints, count: int, waiting: Floats, strangeness: Floats
) -> Contrast | None:
    """Learn from `members` [n, d] of `categories` [n] and `waiting` [m, d], whose `strangeness` [m] is from 0 to 1.

    None where there are no members, or too few strangers. Every category counts the same.
    """
    if len(members) == 0 or strangeness.sum() < FEWEST_STRANGERS:
        return None
    size = np.bincount(categories, minlength=count)
    seen = np.flatnonzero(size)
    model = LogisticRegression(C=STRENGTH, max_iter=100, tol=1e-3)
    model.fit(
        np.concatenate([members, waiting]).astype(np.float32),
        np.concatenate([categories, np.full(len(waiting), count)]),
        sample_weight=np.concatenate([len(members) / (len(seen) * size[categories]), strangeness]),
    )
    weights, offsets = np.zeros((members.shape[1], count + 1)), np.full(count + 1, -np.inf)
    if len(seen) == 1:  # scikit-learn keeps one row for two classes
        weights[:, count], offsets[[*seen, count]] = model.coef_[0], [0.0, model.intercept_[0]]
    else:
        weights[:, [*seen, count]], offsets[[*seen, count]] = model.coef_.T, model.intercept_
    return Contrast(weights, offsets)
