"""Everything that scores the folders for a video: a head per modality that learned from labels, and folder names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Bools, Floats, Ints
from sorterd.classifier.heads import FIT
from sorterd.classifier.heads.head import Head
from sorterd.classifier.labelled import Labelled
from sorterd.classifier.modality import Modalities
from sorterd.classifier.names import Names, fit_names


@dataclass(frozen=True, slots=True)
class Scorers:
    """One head and one reading of the names per modality. `count` folders have rows, those after them only names."""

    heads: tuple[Head, ...]
    names: tuple[Names, ...]
    count: int

    def scores(self, modalities: Modalities) -> Floats:
        """Scores [n, scorers, count]: first the heads, then the names. A missing modality says nothing: zeros."""
        pairs = zip(self.heads, modalities, strict=True)
        heads = [head.scores(part.rows) * part.present[:, None] for head, part in pairs]
        names = [said[:, : self.count] for said in self._names(modalities)]
        return np.stack([*heads, *names], axis=1)

    def name_scores(self, modalities: Modalities) -> Floats:
        """What the names say of all folders, also those without rows: [n, modalities, folders]."""
        return np.stack(self._names(modalities), axis=1)

    def _names(self, modalities: Modalities) -> list[Floats]:
        pairs = zip(self.names, modalities, strict=True)
        return [names.scores(part.rows) * part.present[:, None] for names, part in pairs]


def fit_scorers(kind: str, library: Labelled, rows: Bools) -> Scorers:
    """Fit candidate `kind` on the chosen rows of the library."""
    heads: list[Head] = []
    names: list[Names] = []
    for part in library.modalities:
        used = rows & part.present
        middle = centre(part.rows[used], library.categories[used])
        heads.append(FIT[kind](part.rows[used], library.categories[used], library.count, middle))
        comparable = part.rows.shape[1] == library.names.shape[1]
        vectors = library.names if comparable else np.zeros((len(library.folders), part.rows.shape[1]))
        names.append(fit_names(vectors, middle))
    return Scorers(tuple(heads), tuple(names), library.count)


def centre(rows: Floats, categories: Ints) -> Floats:
    """The mean of the folders' means [d], zero without rows."""
    if len(rows) == 0:
        return np.zeros(rows.shape[1])
    size = np.bincount(categories)
    return np.asarray((1.0 / (size[categories] * (size > 0).sum())) @ rows)
