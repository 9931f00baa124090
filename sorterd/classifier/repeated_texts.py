"""Texts that repeat within one folder: names given while filing (`cooking pasta 001.mp4`), not what a video says.

Learned from, they would say everything about the files that have them and nothing about those that wait: they cost 6 to
8 points on an inbox with other names (benchmarks/caption_quality.py). In training they count as missing.
"""

from __future__ import annotations

import numpy as np

from sorterd.classifier.arrays import Bools, Ints
from sorterd.classifier.modality import ModalityRows

NEAR_EQUAL = 0.95
"""Cosine above which two texts say the same."""

REPEATS = 3
"""So many near-equal texts in one folder are a pattern."""

_CHUNK = 1024


def without_repeated_texts(texts: ModalityRows, categories: Ints) -> ModalityRows:
    """Return a modality made of texts without those that have at least two near-equal ones in the same category."""
    repeated = _repeated(texts, categories)
    if not repeated.any():
        return texts
    return ModalityRows(np.where(repeated[:, None], 0.0, texts.rows), texts.present & ~repeated)


def _repeated(texts: ModalityRows, categories: Ints) -> Bools:
    repeated = np.zeros(len(categories), dtype=bool)
    for category in np.unique(categories):
        members = np.flatnonzero(texts.present & (categories == category))
        rows = texts.rows[members].astype(np.float32)
        for start in range(0, len(members), _CHUNK):
            some = slice(start, start + _CHUNK)
            alike = (rows[some] @ rows.T > NEAR_EQUAL).sum(axis=1)  # the text itself is one of them
            repeated[members[some]] = alike >= REPEATS
    return repeated
