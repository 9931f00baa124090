"""Does a video belong to any of the folders at all?

What a stranger looks like is learned from the library itself: leave a category out of training, and its members are
strangers to the others. Members and such strangers, both scored by models that have not seen them, are told apart by a
small logistic regression on the traits that `belonging` measures. How many strangers there are is read off the inbox
(Saerens, Latinne & Decaestecker 2002; Storey 2002), and so is how like the folders they are (`recalibration`).

Tried without gain on real CLIP vectors, and left out: relative Mahalanobis distance, nearest neighbours, density of the
inbox, labelling the strangest of the inbox for good.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from sorterd.classifier.arrays import Floats, sigmoid

# Before the inbox has been seen: as many pseudo-videos of each kind.
EXPECTED = (2.0, 6.0)  # strangers, members
# With less evidence than this many rows of each kind, every video is as likely a stranger as not.
FEWEST = 4
# Inverse L2 penalty per category, on traits between -1 and 2. Soft on purpose, and softer with few folders, whatever
# the number of videos: each folder is one kind of stranger only, and how sharply it parts from the members says little
# about the kinds to come. The softer slope errs towards leaving a video in the inbox.
STRENGTH = 1.25
# The folders that were left out tell of as many kinds of strangers. That one of them is told from the rest says little
# about the next kind: among n kinds that were all told, (n + 1/2) / (n + 1) are (Krichevsky & Trofimov 1981).
UNSEEN = 0.5


@dataclass(frozen=True, slots=True)
class Strangers:
    """Of strangers such as were seen, `slope` @ traits + `offset` is the log-ratio of members to them.

    `share` is the share of strangers expected in the inbox, `twins` the share of them that no trait tells from members.
    `usual` is the median log-ratio of the held-out members, of which there were `members`.
    """

    slope: Floats
    offset: float
    share: float
    twins: float
    usual: float
    members: int

    def balanced(self, traits: Floats) -> Floats:
        """Log-odds [n] of belonging of rows with these traits [n, t], if half of all rows were strangers."""
        return self._with_twins(traits @ self.slope + self.offset)

    def among(self, traits: Floats) -> Strangers:
        """The same with the share of strangers that there are among rows with these traits [n, t]: of two, the larger.

        Expectation maximisation trusts that strangers look like those of the library. Storey (2002) asks only what
        members look like: half of them lie above their median, so members are at most twice what the inbox has there.
        One standard error is granted to that.
        """
        waiting = self.balanced(traits)
        strangers, expected = EXPECTED
        share = strangers / (strangers + expected)
        for _ in range(100):
            doubt = 1.0 - sigmoid(waiting + np.log((1 - share) / share))
            share = float((doubt.sum() + strangers) / (len(waiting) + strangers + expected))
        if len(waiting):
            above = 2.0 * float((waiting >= self._with_twins(np.array(self.usual))).mean())
            error = float(np.sqrt(1.0 / len(waiting) + 1.0 / self.members))
            share = max(share, 1.0 - above - error)
        return replace(self, share=share)

    def _with_twins(self, seen: Floats) -> Floats:
        return np.asarray(-np.logaddexp(np.log1p(-self.twins) - seen, np.log(self.twins)))

    def belonging(self, traits: Floats) -> Floats:
        """Probability [n] that a row with these traits [n, t] belongs to one of the categories."""
        return sigmoid(self.balanced(traits) + np.log((1 - self.share) / self.share))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Traits [*, t] to learn from, none of them by a model that was trained on the row.

    `members` are labelled rows held out; `strangers` are labelled rows whose own category was left out of training;
    `returned` are videos that the user took out of folders; `inbox` is whatever lies there. `categories` is their
    number.
    """

    members: Floats
    strangers: Floats
    returned: Floats
    inbox: Floats
    categories: int


def fit_strangers(evidence: Evidence) -> Strangers:
    """Fit to what is labelled, all but the share; with too little of it every video is as likely a stranger as not."""
    members, categories = evidence.members, evidence.categories
    strangers = np.concatenate([evidence.strangers, evidence.returned])
    if categories < 2 or min(len(members), len(strangers)) < FEWEST:
        return Strangers(np.zeros(members.shape[1]), 0.0, 0.5, 0.5, 0.0, len(members))
    if categories == 2 and members.shape[1] == 2:
        # With one of two folders left out there is no runner-up: nothing can be learned of the gap.
        members, strangers = members * (1.0, 0.0), strangers * (1.0, 0.0)
    slope, offset = _fit_slope(members, strangers, STRENGTH * categories)
    twins = UNSEEN / (categories + 2 * UNSEEN)
    usual = float(np.median(members @ slope + offset))
    return Strangers(slope, offset, 0.5, twins, usual, len(members)).among(evidence.inbox)


def _fit_slope(members: Floats, strangers: Floats, strength: float) -> tuple[Floats, float]:
    """Logistic regression on traits [*, t] with L2 penalty, both sides weighing the same, and slopes of at least zero.

    More likeness never speaks against belonging: left free, a few folders sometimes say so of the gap, and a slope cut
    to zero after the fit leaves the other one wrong. scikit-learn has no such bounds.
    """
    traits = np.column_stack([np.concatenate([members, strangers]), np.ones(len(members) + len(strangers))])
    sizes = np.repeat([len(members), len(strangers)], [len(members), len(strangers)])
    weight = strength * len(traits) / (2 * sizes)
    sign = np.repeat([1.0, -1.0], [len(members), len(strangers)])
    penalised = np.append(np.ones(members.shape[1]), 0.0)
    bounds = [*[(0.0, None)] * members.shape[1], (None, None)]

    def loss(x: Floats) -> tuple[float, Floats]:
        margin = sign * (traits @ x)
        value = weight @ np.logaddexp(0.0, -margin) + 0.5 * (penalised * x) @ x
        return float(value), penalised * x - traits.T @ (weight * sign * sigmoid(-margin))

    fit = minimize(loss, np.zeros(len(bounds)), jac=True, method="L-BFGS-B", bounds=bounds)
    return fit.x[:-1], float(fit.x[-1])
