"""Which everyday words a picture fits, compared between videos: a view of what is shown that needs no labels.

In a space where pictures and texts can be compared, a picture's shares over many words say what it shows, whatever its
light and style. The cosine of the square roots of two such shares is their Bhattacharyya coefficient (1943).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from sorterd.classifier.arrays import Floats, Ints, softmax, unit

# CLIP was trained to multiply the cosine of picture and text by 100 (Radford et al. 2021, arXiv:2103.00020).
SCALE = 100.0


def everyday_words() -> list[str]:
    """The words whose vectors `train_classifier` takes as `word_vectors`."""
    lines = files("sorterd.classifier").joinpath("words.txt").read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@dataclass(frozen=True, slots=True)
class WordProfiles:
    """`words` [t, d] at unit length, and what the videos of each folder fit, `profiles` [categories, t] of length 1."""

    words: Floats
    profiles: Floats

    def similarity(self, rows: Floats) -> Floats:
        """Cosine of each picture's profile to each folder's, from 0 to 1: [n, categories]."""
        return np.asarray(_profiles(rows, self.words) @ self.profiles.T)


def fit_words(rows: Floats, categories: Ints, count: int, words: Floats) -> WordProfiles:
    """The profile of each folder is the sum of those of its `rows` [n, d]; zero without rows."""
    return WordProfiles(words, unit(np.eye(count)[categories].T @ _profiles(rows, words)))


def _profiles(rows: Floats, words: Floats) -> Floats:
    return np.sqrt(softmax(SCALE * rows @ words.T))
