"""What scikit-learn fits: logistic regression, and a perceptron with two hidden layers. Both with class weights."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

import numpy as np

from sorterd.classifier.arrays import Floats, Ints

# On unit vectors the usual C=1 leaves every logit near zero; the calibration can stretch that, but the ranking of the
# folders is better from a firmer fit. Not chosen per library: between 10 and 1,000 little changes.
STRENGTH = 100.0
# Small: with a few hundred rows width buys nothing, and every candidate is fitted once per fold and modality.
HIDDEN = (64, 32)
# Rows seen in all: 37 passes over 80 rows, 2 over a large library. Fixed beforehand: stopping early on the fold
# that is scored would make the perceptron look better than it is.
ROWS_SEEN = 3_000


@dataclass(frozen=True, slots=True)
class Linear:
    """Multinomial logistic regression, L2: `weights` [d, categories], `offsets` [categories]."""

    weights: Floats
    offsets: Floats

    def scores(self, rows: Floats) -> Floats:
        """Logits."""
        return np.asarray(rows @ self.weights + self.offsets)

    @classmethod
    def fit(cls, rows: Floats, categories: Ints, count: int, centre: Floats) -> Self:
        """Fit around `centre`, which changes nothing but the speed of convergence."""
        from sklearn.linear_model import LogisticRegression  # seconds, and only a training needs it

        seen = np.unique(categories)
        if len(seen) < 2:  # nothing to tell apart
            return cls(np.zeros((rows.shape[1], count)), np.zeros(count))
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=100, tol=1e-3)
        with _few_rows_expected():
            model.fit((rows - centre).astype(np.float32), categories)
        weights, offsets = _for_all(model.coef_.T, model.intercept_, seen, count)
        return cls(weights, offsets - centre @ weights)


@dataclass(frozen=True, slots=True)
class Perceptron:
    """Weights [in, out] and offsets of the three layers, trained in mini-batches."""

    weights1: Floats
    offsets1: Floats
    weights2: Floats
    offsets2: Floats
    weights3: Floats
    offsets3: Floats

    def scores(self, rows: Floats) -> Floats:
        """Logits, centred over the categories."""
        hidden = np.maximum(rows @ self.weights1 + self.offsets1, 0.0)
        hidden = np.maximum(hidden @ self.weights2 + self.offsets2, 0.0)
        return np.asarray(hidden @ self.weights3 + self.offsets3)

    @classmethod
    def fit(cls, rows: Floats, categories: Ints, count: int, centre: Floats) -> Self:  # noqa: ARG003
        """Train for a fixed number of passes."""
        from sklearn.exceptions import ConvergenceWarning  # seconds, and only a training needs it
        from sklearn.neural_network import MLPClassifier

        size = np.bincount(categories, minlength=count)
        seen = np.flatnonzero(size)
        if len(seen) < 2:  # nothing to tell apart
            widths = (rows.shape[1], *HIDDEN, count)
            return cls(*(np.zeros(s) for i in range(3) for s in (widths[i : i + 2], widths[i + 1])))
        passes = int(np.clip(ROWS_SEEN // len(rows), 2, 60))
        batch = min(len(rows), int(np.clip(len(rows) // 8, 32, 64)))  # of few rows, larger ones leave too few steps
        network = MLPClassifier(
            HIDDEN, alpha=1e-2, batch_size=batch, learning_rate_init=3e-3, max_iter=passes, random_state=0
        )
        with _few_rows_expected():
            warnings.simplefilter("ignore", ConvergenceWarning)
            network.fit(rows, categories, sample_weight=len(categories) / (len(seen) * size[categories]))
        (first, second, last), (offsets1, offsets2, offsets3) = network.coefs_, network.intercepts_
        return cls(first, offsets1, second, offsets2, *_for_all(last, offsets3, seen, count))


@contextmanager
def _few_rows_expected() -> Iterator[None]:
    """scikit-learn warns that many folders of few videos "could represent a regression problem"."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The number of unique classes")
        yield


def _for_all(weights: Floats, offsets: Floats, seen: Ints, count: int) -> tuple[Floats, Floats]:
    """Return the last layer for all categories, centred over those that were `seen`, zero for the others."""
    if len(seen) == 2:  # scikit-learn keeps one output for two classes
        weights, offsets = np.hstack([-weights, weights]) / 2, np.r_[-offsets, offsets] / 2
    layer = np.zeros((len(weights) + 1, count))
    layer[:, seen] = np.vstack([weights, offsets])
    layer[:, seen] -= layer[:, seen].mean(axis=1, keepdims=True)
    return layer[:-1], layer[-1]
