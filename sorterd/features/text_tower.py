"""The text tower for what is written about a video (see words.py), loaded: texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from sorterd.captions.hashtags import Vocabulary
from sorterd.features import words
from sorterd.features.models import embedded, minilm

BATCH = 32


class TextTower:
    """MiniLM in its own space, on the processor: a caption takes some 10 ms there."""

    def __init__(self) -> None:
        """Load it. Raise ModelsUnavailable if its package is missing or damaged."""
        self._model, (self._tokenize, _count) = embedded.text_tower()
        self.vocabulary = Vocabulary.of(minilm.word_pieces(embedded.text_file("tokenizer.json")))

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors [n, 384] of n texts."""
        rows = np.empty((len(texts), words.WIDTH), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # padding is most of the cost of a short text
        for start in range(0, len(order), BATCH):
            some = order[start : start + BATCH]
            with torch.inference_mode():
                vectors = self._model(self._tokenize([texts[i] for i in some]))
            rows[some] = nn.functional.normalize(vectors, dim=-1).numpy()
        return rows
