"""How sure to be of the folder that was picked for a video: one logistic regression, the same for every user.

Its coefficients were fitted offline on many simulated libraries (`tools/fit_confidence`) and are shipped
(`coefficients.py`). Nothing of it is fitted on the user's machine, where there are too few videos for that; what his
own library says enters as traits: how similar to their own folder its videos are when they are held out. The idea is
score normalisation from speaker verification (Auckenthaler et al. 2000), with a regression as the way to combine them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from sorterd.classifier.arrays import Bools, Floats, Ints
from sorterd.classifier.coefficients import Coefficients

# A logistic curve that is so much steeper is nearest to the normal distribution (Haley 1952).
STEEPNESS = 1.702
# A folder's own usual values are pulled towards those of all folders as if it had so many more videos.
PULL = 3.0


@dataclass(frozen=True, slots=True)
class Usual:
    """What the folders' own videos are like when held out: to tell how unusual another video is.

    Per folder [count]: the similarity to it and the lead over the runner-up. For all: how far similarities are spread
    around what is usual, and the share that is nearest to its own folder. Where no video could be held out yet, values
    as other libraries have them.
    """

    similarity: Floats
    lead: Floats
    spread: float
    accuracy: float


def usual(similarity: Floats, categories: Ints) -> Usual:
    """Learn from the similarities [n, count] of members of `categories` to every folder, by models without them."""
    rows, count = np.arange(len(categories)), similarity.shape[1]
    size = np.bincount(categories, minlength=count)

    def balanced(values: Floats, otherwise: float) -> float:
        means = np.bincount(categories, weights=values, minlength=count)[size > 0] / size[size > 0]
        return float(means.mean()) if len(means) else otherwise

    def by_folder(values: Floats, otherwise: float) -> Floats:
        pull = PULL * balanced(values, otherwise)
        return np.asarray((np.bincount(categories, weights=values, minlength=count) + pull) / (size + PULL))

    own = similarity[rows, categories]
    lead = own - _best_other(similarity, categories)
    usual_similarity = by_folder(own, 0.45)
    return Usual(
        similarity=usual_similarity,
        lead=by_folder(lead, 0.3),
        spread=balanced((own - usual_similarity[categories]) ** 2, 0.03) ** 0.5,
        accuracy=balanced((lead > 0).astype(np.float64), 0.9),
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured of n videos: each folder's share by the stacked scorers and the similarity to it [n, count];
    the similarity to the nearest video that the user took out of a folder [n], which competes with them, -1 if none;
    how far similarities by several modalities were added up, from 0 to 1 [n]."""

    shares: Floats
    similarity: Floats
    rejected: Floats
    added: Floats

    def take(self, rows: Bools) -> Evidence:
        """The videos where `rows` is true."""
        return Evidence(self.shares[rows], self.similarity[rows], self.rejected[rows], self.added[rows])


def traits(evidence: Evidence, usual: Usual) -> dict[str, Floats]:
    """What speaks for and against the folder with the largest share, each trait [n], named as in `Coefficients`."""
    picked = evidence.shares.argmax(axis=1)
    rows, same = np.arange(len(picked)), np.ones(len(picked))
    own = evidence.similarity[rows, picked]
    lead = own - np.maximum(_best_other(evidence.similarity, picked), evidence.rejected)
    return {
        "lead": lead,
        "lead_in_spreads": lead / max(usual.spread, 1e-6),
        "added": evidence.added,
        "lead_over_rejected": own - evidence.rejected,
        "shortfall": usual.similarity[picked] - own,
        "usual_similarity": usual.similarity[picked],
        "usual_lead": usual.lead[picked],
        "spread": usual.spread * same,
        "accuracy": usual.accuracy * same,
    }


def terms(traits: Mapping[str, Floats], coefficients: Coefficients) -> dict[str, Floats]:
    """What each trait adds to the log-odds that the folder with the largest share is right, [n] each.

    Where similarities were added up, they are larger than those that the coefficients were fitted on, and would make up
    for a lead that is missing. So the folder is at most as likely to be right as it is to be the most similar one, if
    similarities are spread normally. What is above that is taken off as far as they were added up: hardly anything for
    a modality that hardly counts.
    """
    found = {name: traits[name] * weight for name, weight in coefficients.weights.items()}
    above = coefficients.intercept + sum(found.values()) - STEEPNESS * traits["lead_in_spreads"]
    return found | {"lead_in_spreads": -traits["added"] * np.maximum(above, 0.0)}


def log_odds(traits: Mapping[str, Floats], coefficients: Coefficients) -> Floats:
    """That the folder with the largest share is right [n], where half of all videos belong nowhere."""
    return np.asarray(coefficients.intercept + sum(terms(traits, coefficients).values()))


def belief(shares: Floats, traits: Mapping[str, Floats], coefficients: Coefficients, strangers: float) -> Floats:
    """The probability of each folder [n, count]; what is missing to 1 is that of belonging to none of them.

    `strangers` is the share of all videos that belong nowhere; the coefficients hold for a half. The regression gives
    the probability of the folder with the largest share; the others keep their ratio to it, or, where that is more,
    share all that is left.
    """
    right = expit(log_odds(traits, coefficients) + np.log((1.0 - strangers) / strangers))
    best = shares.max(axis=1)
    factor = np.minimum(right / best, (1.0 - right) / np.maximum(1.0 - best, 1e-12))
    believed = shares * factor[:, None]
    believed[np.arange(len(shares)), shares.argmax(axis=1)] = right
    return np.asarray(believed)


def _best_other(values: Floats, own: Ints) -> Floats:
    """The largest of each row but its own; a folder that is alone has nothing to compete with: -1."""
    others = values.copy()
    others[np.arange(len(own)), own] = -1.0
    return np.asarray(others.max(axis=1, initial=-1.0))
