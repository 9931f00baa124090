"""Multinomial logistic regression, L2, with balanced class weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Floats, Ints

# On unit vectors the usual C=1 leaves every logit near zero; the calibration can stretch that, but the ranking of the
# folders is better from a firmer fit. Not chosen per library: between 10 and 1,000 little changes.
STRENGTH = 100.0


@dataclass(frozen=True, slots=True)
class Linear:
    """`weights` [d, categories], `offsets` [categories]."""

    weights: Floats
    offsets: Floats

    def scores(self, rows: Floats) -> Floats:
        """Logits."""
        return np.asarray(rows @ self.weights + self.offsets)


def fit_logreg(rows: Floats, categories: Ints, count: int, centre: Floats) -> Linear:
    """Fit around `centre`, which changes nothing but the speed of convergence."""
    from sklearn.linear_model import LogisticRegression  # seconds, and only a training needs it

    weights, offsets = np.zeros((rows.shape[1], count)), np.zeros(count)
    seen = np.unique(categories)
    if len(seen) >= 2:
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=100, tol=1e-3)
        model.fit((rows - centre).astype(np.float32), categories)
        coefficients, intercept = model.coef_, model.intercept_
        if len(seen) == 2:  # scikit-learn keeps one row for two classes
            coefficients, intercept = np.vstack([-coefficients, coefficients]) / 2, np.r_[-intercept, intercept] / 2
        weights[:, seen] = coefficients.T
        offsets[seen] = intercept - coefficients @ centre
    return Linear(weights, offsets)
