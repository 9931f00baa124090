"""How much each scorer counts (picture, speech, names), and how far to trust the sum: one fit for both.

The scores of rows that were held out are added with weights of at least zero, chosen for the best likelihood: stacking
(Wolpert 1992, Breiman 1996) and temperature scaling (Guo et al. 2017, arXiv:1706.04599) at once. A scorer that says
nothing true gets zero, so a modality that is noise cannot make sorting worse.
"""

from __future__ import annotations

import numpy as np
from scipy.special import softmax

from sorterd.classifier.arrays import Floats, Ints

# Strength of the pull towards the starting weights, in rows: what evidence of a few rows may not overturn.
PULL = 1.0


def fit_weights(scores: Floats, categories: Ints, start: Floats) -> Floats:
    """Weights [s] of `scores` [n, s, categories], each row counting by the inverse size of its category.

    A scorer that is silent on a row has zeros there. Without rows the answer is `start`.
    """
    if len(scores) == 0:
        return start
    from scipy.optimize import minimize  # only a training needs it

    size = np.bincount(categories, minlength=scores.shape[2])
    share = 1.0 / (size[categories] * (size > 0).sum())
    rows = np.arange(len(categories))

    def loss(weights: Floats) -> tuple[float, Floats]:
        belief = stacked(scores, weights)
        pull = weights - start
        value = -np.log(np.maximum(belief[rows, categories], 1e-12)) @ share + PULL * (pull @ pull) / len(rows)
        belief[rows, categories] -= 1.0
        slope = np.einsum("nk,nsk,n->s", belief, scores, share, optimize=True) + 2 * PULL * pull / len(rows)
        return float(value), slope

    fit = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(start))
    return np.asarray(fit.x)


def stacked(scores: Floats, weights: Floats) -> Floats:
    """Return the weighted sum of the scores as shares over the categories, [n, categories], summing to 1."""
    return np.asarray(softmax(np.tensordot(scores, weights, axes=(1, 0)), axis=-1))
