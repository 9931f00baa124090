"""A perceptron with two hidden layers, trained in mini-batches with class weights."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Floats, Ints

# Small: with a few hundred rows width buys nothing, and every candidate is fitted once per fold and modality.
HIDDEN = (64, 32)
# Rows seen in all: 37 passes over 80 rows, 2 over a large library. Fixed beforehand: stopping early on the fold
# that is scored would make the perceptron look better than it is.
ROWS_SEEN = 3_000


@dataclass(frozen=True, slots=True)
class Perceptron:
    """Weights [in, out] and offsets of the three layers; `known` [categories] is 0 for those never seen."""

    weights1: Floats
    offsets1: Floats
    weights2: Floats
    offsets2: Floats
    weights3: Floats
    offsets3: Floats
    known: Floats

    def scores(self, rows: Floats) -> Floats:
        """Logits, centred over the categories."""
        hidden = np.maximum(rows @ self.weights1 + self.offsets1, 0.0)
        hidden = np.maximum(hidden @ self.weights2 + self.offsets2, 0.0)
        logits = hidden @ self.weights3 + self.offsets3
        mean = (logits * self.known).sum(axis=1, keepdims=True) / max(1.0, float(self.known.sum()))
        return np.asarray((logits - mean) * self.known)


def fit_mlp(rows: Floats, categories: Ints, count: int, centre: Floats) -> Perceptron:  # noqa: ARG001
    """Train for a fixed number of passes."""
    from sklearn.exceptions import ConvergenceWarning  # seconds, and only a training needs it
    from sklearn.neural_network import MLPClassifier

    size = np.bincount(categories, minlength=count)
    seen = np.flatnonzero(size)
    weights3, offsets3 = np.zeros((HIDDEN[1], count)), np.zeros(count)
    if len(seen) < 2:  # nothing to tell apart
        hidden = np.zeros((rows.shape[1], HIDDEN[0])), np.zeros(HIDDEN[0]), np.zeros(HIDDEN), np.zeros(HIDDEN[1])
        return Perceptron(*hidden, weights3, offsets3, np.zeros(count))
    passes = int(np.clip(ROWS_SEEN // len(rows), 2, 60))
    batch = min(len(rows), int(np.clip(len(rows) // 8, 32, 64)))  # of few rows, larger ones leave too few steps
    network = MLPClassifier(
        HIDDEN, alpha=1e-2, batch_size=batch, learning_rate_init=3e-3, max_iter=passes, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(rows, categories, sample_weight=len(categories) / (len(seen) * size[categories]))
    first, second, last = network.coefs_
    if len(seen) == 2:  # scikit-learn keeps one output for two classes
        last = np.hstack([-last, last]) / 2
        network.intercepts_[2] = np.array([-1.0, 1.0]) * network.intercepts_[2] / 2
    weights3[:, seen], offsets3[seen] = last, network.intercepts_[2]
    known = (size > 0).astype(np.float64)
    return Perceptron(first, network.intercepts_[0], second, network.intercepts_[1], weights3, offsets3, known)
