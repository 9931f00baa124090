"""Does a video belong to any of the folders at all?

What a stranger looks like is learned from the library itself: take a category away, and its members are strangers to
the others. Members and such strangers, both scored by models that have not seen them, are told apart by a small
logistic regression on how like the best folder a video is and how far the second best lies behind. How many strangers
there are is read off the inbox by expectation maximisation (Saerens, Latinne & Decaestecker 2002).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from sorterd.classifier.arrays import Floats, Ints

# Before the inbox has been seen: as many pseudo-videos of each kind.
EXPECTED = (2.0, 6.0)  # strangers, members
# With less evidence than this many rows of each kind, every video is as likely a stranger as not.
FEWEST = 4


@dataclass(frozen=True, slots=True)
class Strangers:
    """Log-odds of belonging = `slope` @ (best likeness, gap to the second) + `offset`, at a share of strangers of 1/2.

    `share` is the share of strangers expected in the inbox.
    """

    slope: Floats
    offset: float
    share: float

    def belonging(self, likeness: Floats) -> Floats:
        """Probability [n] that a row with this likeness [n, categories] belongs to one of the categories."""
        return _sigmoid(self._log_odds(likeness) + np.log((1 - self.share) / self.share))

    def _log_odds(self, likeness: Floats) -> Floats:
        return np.asarray(_traits(likeness) @ self.slope + self.offset)


def fit_strangers(held_out: Floats, categories: Ints, lonely: Floats, returned: Floats, inbox: Floats) -> Strangers:
    """Fit from likeness matrices [*, categories].

    `held_out` are members scored by models that have not seen them, of `categories`; `lonely` are rows with their own
    category already blanked out (-inf) because they could not be held out; `returned` are videos that the user took
    out of folders; `inbox` is whatever lies there.
    """
    if held_out.shape[1] < 2:
        return Strangers(np.zeros(2), 0.0, 0.5)
    without_own = held_out.copy()
    without_own[np.arange(len(categories)), categories] = -np.inf
    strangers = np.concatenate([_traits(part) for part in (without_own, lonely, returned)])
    members = _traits(held_out)
    expected = EXPECTED[0] / sum(EXPECTED)
    if min(len(members), len(strangers)) < FEWEST:
        return Strangers(np.zeros(2), 0.0, 0.5)
    model = LogisticRegression(C=100.0, class_weight="balanced")
    model.fit(np.concatenate([members, strangers]), np.repeat([1, 0], [len(members), len(strangers)]))
    fitted = Strangers(np.maximum(model.coef_[0], 0.0), float(model.intercept_[0]), expected)
    return Strangers(fitted.slope, fitted.offset, _share(fitted._log_odds(inbox)))


def _traits(likeness: Floats) -> Floats:
    """Best likeness and gap to the second best, [n, 2]; the gap is 0 where there is no second."""
    ranked = -np.sort(-np.maximum(likeness, -1.0), axis=1)
    if ranked.shape[1] < 2:
        ranked = np.repeat(ranked[:, :1], 2, axis=1)
    return np.stack([ranked[:, 0], ranked[:, 0] - ranked[:, 1]], axis=1)


def _share(log_odds: Floats) -> float:
    strangers, members = EXPECTED
    share = strangers / (strangers + members)
    for _ in range(100):
        doubt = 1.0 - _sigmoid(log_odds + np.log((1 - share) / share))
        share = (doubt.sum() + strangers) / (len(log_odds) + strangers + members)
    return float(share)


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)))
