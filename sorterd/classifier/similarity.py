"""How similar a video is to each folder's videos, whatever the candidates count: prototypes per modality, weighed.

Cosines of several modalities are added as z-scores are (Stouffer et al. 1949, weighted): divided by the length of the
weights and not by their sum. The error of a mean shrinks with the number of modalities; the coefficients of the
confidence, which hold for one modality, would take the mean for less evidence than one modality alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Floats
from sorterd.classifier.heads.prototypes import Prototypes
from sorterd.classifier.modality import Modalities
from sorterd.classifier.scorers import Scorers


@dataclass(frozen=True, slots=True)
class Similarity:
    """The prototypes of each modality, and `weights` [modalities] that sum to 1."""

    prototypes: tuple[Prototypes, ...]
    weights: Floats

    def measure(self, modalities: Modalities) -> Floats:
        """Return the similarity to each category by the modalities that are present, [n, categories]."""
        pairs = zip(self.prototypes, modalities, strict=True)
        return self.combine(np.stack([prototypes.similarity(part.rows) for prototypes, part in pairs]), modalities)

    def combine(self, cosines: Floats, modalities: Modalities) -> Floats:
        """Add up `cosines` [modalities, n, categories] of the modalities that are present. Of one: the cosine."""
        return np.asarray((self._weights(modalities)[:, :, None] * cosines).sum(axis=0))

    def added(self, modalities: Modalities) -> Floats:
        """Return how far the modalities of a video were added up [n]: 0 if one of them counts, 1 if two count the same.

        The square of their sum at length 1 is how many modalities of equal weight would count for as much.
        """
        return np.asarray(np.clip(self._weights(modalities).sum(axis=0) ** 2 - 1.0, 0.0, 1.0))

    def project(self, modalities: Modalities) -> Floats:
        """Return vectors [n, d] whose inner products are such sums. Of one modality they have length 1."""
        factors = np.sqrt(self._weights(modalities))
        projected = [p.project(part.rows) for p, part in zip(self.prototypes, modalities, strict=True)]
        return np.hstack([rows * factor[:, None] for rows, factor in zip(projected, factors, strict=True)])

    def _weights(self, modalities: Modalities) -> Floats:
        """Return what each modality counts for each video, [modalities, n], at length 1 unless nothing is present."""
        weights = np.stack([part.present * w for part, w in zip(modalities, self.weights, strict=True)])
        return np.asarray(weights / np.maximum(np.linalg.norm(weights, axis=0), 1e-12))


def similarity_of(scorers: Scorers, weights: Floats) -> Similarity:
    """Return the similarity by the prototypes of `scorers`; `weights` are what these count in a stack of their own."""
    prototypes = tuple(head for head in scorers.heads["prototypes"] if isinstance(head, Prototypes))
    counted = weights[: len(prototypes)]
    if not counted.any():
        counted = np.eye(len(prototypes))[0]
    return Similarity(prototypes, counted / counted.sum())
