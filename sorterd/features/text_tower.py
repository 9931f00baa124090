"""The text tower for what is written about a video (see words.py), loaded: texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from sorterd.captions.hashtags import Vocabulary
from sorterd.features import words
from sorterd.features.models import embedded, minilm


class TextTower:
    """MiniLM in its own space, on the processor: a caption takes some 10 ms there."""

    def __init__(self) -> None:
        """Load it. Raise ModelsUnavailable if its package is missing or damaged."""
        self._model, (self._tokenize, _count) = embedded.text_tower()
        self.vocabulary = Vocabulary.of(minilm.word_pieces(embedded.text_file("tokenizer.json")))

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors [n, 384] of n texts.

        One by one: in a batch the last digits of a vector would depend on its neighbours, and it would take as long.
        """
        rows = np.empty((len(texts), words.WIDTH), np.float32)
        for row, text in zip(rows, texts, strict=True):
            with torch.inference_mode():
                row[:] = nn.functional.normalize(self._model(self._tokenize([text])), dim=-1)[0].numpy()
        return rows


TOWERS: Mapping[str, Callable[[], TextTower]] = {words.TOWER: TextTower}
"""How each tower is loaded, by the name that its modality gives (`words.MODALITIES`)."""
