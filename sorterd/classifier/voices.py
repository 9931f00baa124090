"""Everything that has an opinion on a video: for each half a head that learned from labels, and the folder names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Bools, Floats, Ints
from sorterd.classifier.halves import Halves
from sorterd.classifier.heads import FIT
from sorterd.classifier.heads.head import Head
from sorterd.classifier.labelled import Labelled
from sorterd.classifier.names import Names, fit_names


@dataclass(frozen=True, slots=True)
class Voices:
    """One head and one reading of the names per half. `count` folders have rows, those after them only names."""

    heads: tuple[Head, ...]
    names: tuple[Names, ...]
    count: int

    def speak(self, halves: Halves) -> Floats:
        """Scores [n, voices, count]: first the heads, then the names. A missing half says nothing: zeros."""
        heads = [head.scores(half.rows) * half.present[:, None] for head, half in zip(self.heads, halves, strict=True)]
        return np.stack([*heads, *(said[:, : self.count] for said in self._names(halves))], axis=1)

    def speak_names(self, halves: Halves) -> Floats:
        """What the names say of all folders, also those without rows: [n, halves, folders]."""
        return np.stack(self._names(halves), axis=1)

    def _names(self, halves: Halves) -> list[Floats]:
        return [names.scores(half.rows) * half.present[:, None] for names, half in zip(self.names, halves, strict=True)]


def fit_voices(kind: str, library: Labelled, rows: Bools, seed: int) -> Voices:
    """Fit candidate `kind` on the chosen rows of the library; the inbox only tells where the middle is."""
    heads: list[Head] = []
    names: list[Names] = []
    for half, inbox in zip(library.halves, library.inbox, strict=True):
        used = rows & half.present
        middle = centre(half.rows[used], library.categories[used], inbox.rows[inbox.present])
        heads.append(FIT[kind](half.rows[used], library.categories[used], library.count, middle, seed))
        comparable = half.rows.shape[1] == library.names.shape[1]
        vectors = library.names if comparable else np.zeros((len(library.folders), half.rows.shape[1]))
        names.append(fit_names(vectors, middle))
    return Voices(tuple(heads), tuple(names), library.count)


def centre(rows: Floats, categories: Ints, inbox: Floats) -> Floats:
    """The middle of what is known [d]: every category counts the same, the inbox by its number of rows."""
    if len(rows) + len(inbox) == 0:
        return np.zeros(rows.shape[1])
    size = np.bincount(categories, minlength=1)
    balanced = len(rows) / (size[categories] * max(1, (size > 0).sum()))
    return np.asarray((balanced @ rows + inbox.sum(axis=0)) / (len(rows) + len(inbox)))
