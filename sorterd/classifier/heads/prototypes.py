"""One centre per category, compared by cosine after taking out how members of one category differ among themselves.

Within-class covariance normalisation (Hatch et al. 2006) around the mean of the folders, then length
normalisation (Garcia-Romero & Espy-Wilson 2011). Its sibling, linear discriminant analysis with a shrunk covariance, is
a baseline hard to beat on few CLIP vectors (Wang et al. 2024, arXiv:2402.04087).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from sorterd.classifier.arrays import Floats, Ints, unit

# A quarter of the covariance estimate is the data's, the rest is round. Far fewer rows than dimensions: the estimate of
# every single direction is poor, its sum is not. Half and half is little better for folders of several subjects, and
# clearly worse where a tenth of the labels is wrong.
SHRINKAGE = 0.75
# Brings a cosine to the scale of a logit; the calibration stretches it from there.
SCALE = 10.0


@dataclass(frozen=True, slots=True)
class Prototypes:
    """`centre` [d]; `directions` [r, d] orthonormal, shrunk by `stretch` [r]; unit `prototypes` [categories, d]."""

    centre: Floats
    directions: Floats
    stretch: Floats
    prototypes: Floats

    def similarity(self, rows: Floats) -> Floats:
        """Cosine of each row to each category's centre, from -1 to 1. [n, categories]"""
        return np.asarray(self.project(rows) @ self.prototypes.T)

    def project(self, rows: Floats) -> Floats:
        """Return each row at length 1 in the space where cosines are taken, [n, d]."""
        return _project(rows, self.centre, self.directions, self.stretch)

    def scores(self, rows: Floats) -> Floats:
        """Scaled cosines."""
        return SCALE * self.similarity(rows)

    @classmethod
    def fit(cls, rows: Floats, categories: Ints, count: int, centre: Floats) -> Self:
        """Fit around `centre`. Categories without rows get a zero prototype, which scores 0."""
        onehot = np.eye(count)[categories]
        size = onehot.sum(axis=0)
        means = (onehot.T @ rows) / np.maximum(size, 1)[:, None]
        directions, stretch = _whitening(rows - means[categories], int(len(rows) - (size > 0).sum()))
        projected = _project(rows, centre, directions, stretch)
        return cls(centre, directions, stretch, unit(onehot.T @ projected))


def _whitening(residuals: Floats, freedom: int) -> tuple[Floats, Floats]:
    """Directions [r, d] of the residuals and the factor by which each is stretched, relative to all others."""
    width = residuals.shape[1]
    variance_in_all = float((residuals**2).sum()) / max(1, freedom)
    if freedom <= 0 or variance_in_all < 1e-12:
        return np.zeros((0, width)), np.zeros(0)
    if len(residuals) < width:
        # The same directions from the small Gram matrix: several times faster than a singular value decomposition.
        squared, vectors = np.linalg.eigh(residuals @ residuals.T)
        real = squared > 1e-9 * squared.max()
        directions = (vectors[:, real].T @ residuals) / np.sqrt(squared[real])[:, None]
        variance = squared[real] / freedom
    else:
        variance, vectors = np.linalg.eigh(residuals.T @ residuals / freedom)
        directions = vectors.T
    floor = SHRINKAGE * variance_in_all / width
    return directions, np.sqrt(floor / ((1 - SHRINKAGE) * np.maximum(variance, 0.0) + floor))


def _project(rows: Floats, centre: Floats, directions: Floats, stretch: Floats) -> Floats:
    # In single precision: most of the time of a large training goes by here.
    around = (rows - centre).astype(np.float32)
    basis = directions.astype(np.float32)
    return unit(around + (around @ basis.T * (stretch - 1.0).astype(np.float32)) @ basis).astype(np.float64)
