"""How similar a video is to each folder's videos, whatever the candidates count: prototypes per modality, weighed."""

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
        """Mean cosine to each category over the modalities that are present, [n, categories]."""
        pairs = zip(self.prototypes, modalities, strict=True)
        return self.mean(np.stack([prototypes.similarity(part.rows) for prototypes, part in pairs]), modalities)

    def mean(self, cosines: Floats, modalities: Modalities) -> Floats:
        """The mean of `cosines` [modalities, n, categories] over the modalities that are present."""
        return np.asarray((self._shares(modalities)[:, :, None] * cosines).sum(axis=0))

    def project(self, modalities: Modalities) -> Floats:
        """Vectors [n, d] whose cosines are such means, at length 1 unless nothing is present."""
        shares = np.sqrt(self._shares(modalities))
        projected = [p.project(part.rows) for p, part in zip(self.prototypes, modalities, strict=True)]
        return np.hstack([rows * share[:, None] for rows, share in zip(projected, shares, strict=True)])

    def _shares(self, modalities: Modalities) -> Floats:
        """What each modality counts for each video, [modalities, n]."""
        weights = np.stack([part.present * w for part, w in zip(modalities, self.weights, strict=True)])
        return np.asarray(weights / np.maximum(weights.sum(axis=0), 1e-12))


def similarity_of(scorers: Scorers, weights: Floats) -> Similarity:
    """The similarity by the prototypes of `scorers`; `weights` are what these count in a stack of their own."""
    prototypes = tuple(head for head in scorers.heads["prototypes"] if isinstance(head, Prototypes))
    counted = weights[: len(prototypes)]
    if not counted.any():
        counted = np.eye(len(prototypes))[0]
    return Similarity(prototypes, counted / counted.sum())
