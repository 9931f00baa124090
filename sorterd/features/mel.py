"""Speech as the spectrogram that Whisper's encoder takes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sorterd.features.audio import RATE, Samples

if TYPE_CHECKING:
    from faster_whisper.feature_extractor import FeatureExtractor

HOP = 160
"""Samples per column of the spectrogram."""

FRAMES = 3000
"""Most columns that the encoder takes: 30 s."""

PADDING = RATE
"""Samples of silence after a piece, so that its last word ends. openai/whisper pads to 30 s, which costs twice as much
and changes one word in a hundred."""

Spectrogram = NDArray[np.float32]
"""Logarithmic mel bands over time, [mels, columns], at most FRAMES columns."""


def spectrogram(piece: Samples, mels: int) -> Spectrogram:
    """Return the spectrogram, with this number of bands, of a piece of at most 30 s and one second of silence."""
    length = min(FRAMES, (piece.size + PADDING) // HOP)
    columns = _bank(mels)(piece, padding=max(0, length * HOP - piece.size))[:, :length]
    return np.ascontiguousarray(columns, dtype=np.float32)


def lengthened(one: Spectrogram, length: int) -> Spectrogram:
    """Return a spectrogram with more silence at its end: the same as if its piece had been followed by more of it."""
    return np.pad(one, ((0, 0), (0, length - one.shape[1])), mode="edge")


@lru_cache(maxsize=2)
def _bank(mels: int) -> FeatureExtractor:
    from faster_whisper.feature_extractor import FeatureExtractor  # loads CTranslate2

    return FeatureExtractor(feature_size=mels)
