"""How like the folders' members a video is, whichever head was chosen: prototypes of each half, weighed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Floats
from sorterd.classifier.halves import Halves
from sorterd.classifier.heads.prototypes import Prototypes
from sorterd.classifier.voices import Voices


@dataclass(frozen=True, slots=True)
class Likeness:
    """The prototypes of each half, and `weights` [halves] that sum to 1."""

    prototypes: tuple[Prototypes, ...]
    weights: Floats

    def measure(self, halves: Halves) -> Floats:
        """Mean cosine to each category over the halves that are present, [n, categories]."""
        cosines = np.stack([p.likeness(half.rows) for p, half in zip(self.prototypes, halves, strict=True)])
        return np.asarray((self._shares(halves)[:, :, None] * cosines).sum(axis=0))

    def place(self, halves: Halves) -> Floats:
        """Vectors [n, d] of both halves whose cosines are such means, at length 1 unless nothing is present."""
        shares = np.sqrt(self._shares(halves))
        projected = [p.project(half.rows) for p, half in zip(self.prototypes, halves, strict=True)]
        return np.hstack([rows * share[:, None] for rows, share in zip(projected, shares, strict=True)])

    def _shares(self, halves: Halves) -> Floats:
        """What each half counts for each video, [halves, n]."""
        weights = np.stack([half.present * w for half, w in zip(halves, self.weights, strict=True)])
        return np.asarray(weights / np.maximum(weights.sum(axis=0), 1e-12))


def likeness_of(voices: Voices, weights: Floats) -> Likeness:
    """The likeness by `voices` that are prototypes; `weights` are theirs in the mix, the heads' first."""
    prototypes = tuple(head for head in voices.heads if isinstance(head, Prototypes))
    counted = weights[: len(prototypes)]
    if not counted.any():
        counted = np.eye(len(prototypes))[0]
    return Likeness(prototypes, counted / counted.sum())
