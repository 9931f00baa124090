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
from sorterd.text import encodable

TOKENS = 512
"""Most tokens in one pass. Four short texts take as long together as one alone. More gain nothing."""

SHORTEST = 0.7
"""The least length of a text, as a share of the longest in its pass: shorter ones would be mostly padding."""


class TextTower:
    """MiniLM in its own space, on the processor: a caption takes some 10 ms there."""

    def __init__(self) -> None:
        """Load it. Raise ModelsUnavailable if its package is missing or damaged."""
        self._model, (self._tokenize, _count) = embedded.text_tower()
        self.vocabulary = Vocabulary.of(minilm.word_pieces(embedded.text_file("tokenizer.json")))

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors [n, 384] of n texts. Which others are there changes the last digits alone."""
        tokens = [self._tokenize([encodable(text)])[0] for text in texts]
        rows = np.empty((len(texts), words.WIDTH), np.float32)
        for places in passes([len(one) for one in tokens]):
            filled = nn.utils.rnn.pad_sequence([tokens[place] for place in places], True, minilm.PADDING)
            with torch.inference_mode():
                rows[places] = nn.functional.normalize(self._model(filled), dim=-1).numpy()
        return rows


def passes(lengths: Sequence[int]) -> list[list[int]]:
    """Return the places of texts with these lengths in groups of similar length, the longest first."""
    groups: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        longest = lengths[groups[-1][0]] if groups else 0
        if groups and lengths[place] >= SHORTEST * longest and (len(groups[-1]) + 1) * longest <= TOKENS:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


TOWERS: Mapping[str, Callable[[], TextTower]] = {words.TOWER: TextTower}
"""How each tower is loaded, by the name that its modality gives (`words.MODALITIES`)."""
