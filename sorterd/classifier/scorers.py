"""Everything that scores the folders for a video: heads that learned from labels, per modality, and folder names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Bools, Floats, Ints
from sorterd.classifier.heads import KIND, Head
from sorterd.classifier.labelled import Labelled
from sorterd.classifier.modality import Modalities
from sorterd.classifier.names import Names, fit_names


@dataclass(frozen=True, slots=True)
class Scorers:
    """Per candidate one head per modality, and one reading of the names per modality.

    `count` folders have rows, those after them only names.
    """

    heads: Mapping[str, tuple[Head, ...]]
    names: tuple[Names, ...]
    count: int

    def scores(self, modalities: Modalities) -> Floats:
        """Scores [n, scorers, count]: the heads, candidate by candidate, then the names. A missing modality says
        nothing: zeros."""
        heads = [
            head.scores(part.rows) * part.present[:, None]
            for of_candidate in self.heads.values()
            for head, part in zip(of_candidate, modalities, strict=True)
        ]
        return np.stack([*heads, *(said[:, : self.count] for said in self._names(modalities))], axis=1)

    def name_scores(self, modalities: Modalities) -> Floats:
        """Return what the names say of all folders, also those without rows: [n, modalities, folders]."""
        return np.stack(self._names(modalities), axis=1)

    def _names(self, modalities: Modalities) -> list[Floats]:
        pairs = zip(self.names, modalities, strict=True)
        return [names.scores(part.rows) * part.present[:, None] for names, part in pairs]


def fit_scorers(kinds: Collection[str], library: Labelled, rows: Bools) -> Scorers:
    """Fit these candidates on the chosen rows of the library."""
    heads: dict[str, list[Head]] = {kind: [] for kind in kinds}
    names: list[Names] = []
    for part, vectors in zip(library.modalities, library.names, strict=True):
        used = rows & part.present
        known, categories = part.rows[used], library.categories[used]
        middle = centre(known, categories)
        for kind in kinds:
            heads[kind].append(KIND[kind].fit(known, categories, library.count, middle))
        names.append(fit_names(vectors, middle))
    return Scorers({kind: tuple(of_candidate) for kind, of_candidate in heads.items()}, tuple(names), library.count)


def centre(rows: Floats, categories: Ints) -> Floats:
    """Return the mean of the folders' means [d], zero without rows."""
    if len(rows) == 0:
        return np.zeros(rows.shape[1])
    size = np.bincount(categories)
    return np.asarray((1.0 / (size[categories] * (size > 0).sum())) @ rows)
