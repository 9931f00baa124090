"""Everything that scores the folders for a video: a head per modality that learned from labels, folder names, words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Bools, Floats, Ints
from sorterd.classifier.heads import FIT
from sorterd.classifier.heads.head import Head
from sorterd.classifier.labelled import Labelled
from sorterd.classifier.modality import Modalities
from sorterd.classifier.names import Names, fit_names
from sorterd.classifier.words import WordProfiles, fit_words


@dataclass(frozen=True, slots=True)
class Scorers:
    """One head and one reading of the names per modality, and the words of the first one, the picture, if there are
    any. `count` folders have rows, those after them only names."""

    heads: tuple[Head, ...]
    names: tuple[Names, ...]
    words: WordProfiles | None
    count: int

    def scores(self, modalities: Modalities) -> Floats:
        """Scores [n, scorers, count]: heads, names, words. A missing modality says nothing: zeros."""
        pairs = zip(self.heads, modalities, strict=True)
        heads = [head.scores(part.rows) * part.present[:, None] for head, part in pairs]
        names = [said[:, : self.count] for said in self._names(modalities)]
        words = [] if self.words is None else [WORDS_SCALE * self.word_similarity(modalities)]
        return np.stack([*heads, *names, *words], axis=1)

    def name_scores(self, modalities: Modalities) -> Floats:
        """What the names say of all folders, also those without rows: [n, modalities, folders]."""
        return np.stack(self._names(modalities), axis=1)

    def word_similarity(self, modalities: Modalities) -> Floats:
        """Similarity of what the picture shows, in words, to what each folder's pictures show: [n, count]."""
        if self.words is None:
            return np.zeros((len(modalities[0].rows), self.count))
        return self.words.similarity(modalities[0].rows) * modalities[0].present[:, None]

    def _names(self, modalities: Modalities) -> list[Floats]:
        pairs = zip(self.names, modalities, strict=True)
        return [names.scores(part.rows) * part.present[:, None] for names, part in pairs]


# Brings a similarity of words to the scale of a logit, as the heads do with theirs.
WORDS_SCALE = 10.0


def first_weights(library: Labelled) -> Floats:
    """What each scorer counts before anything is known: the picture alone, and half as much what it shows in words."""
    words = [0.5] if len(library.words) else []
    rest = 2 * len(library.widths) - 1
    return np.array([1.0, *[0.0] * rest, *words])


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
    words = None
    if len(library.words):
        used = rows & library.modalities[0].present
        words = fit_words(library.modalities[0].rows[used], library.categories[used], library.count, library.words)
    return Scorers(tuple(heads), tuple(names), words, library.count)


def centre(rows: Floats, categories: Ints) -> Floats:
    """The mean of the folders' means [d], zero without rows."""
    if len(rows) == 0:
        return np.zeros(rows.shape[1])
    size = np.bincount(categories)
    return np.asarray((1.0 / (size[categories] * (size > 0).sum())) @ rows)
