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

STEP = 500
"""Every spectrogram has a multiple of so many columns (5 s), filled up with silence. Whisper hears other words with
another length of silence, so that must not depend on the pieces it shares a batch with; and only pieces of equal length
share one. With steps of 2.5 s there were fewer to share: 1.3 s per piece instead of 0.95 (24 pieces of 3 to 30 s)."""

Spectrogram = NDArray[np.float32]
"""Logarithmic mel bands over time, [mels, columns], a multiple of STEP and at most FRAMES columns."""


def spectrogram(piece: Samples, mels: int) -> Spectrogram:
    """Return the spectrogram, with this number of bands, of a piece of at most 30 s and a second of silence or more."""
    length = min(FRAMES, -(-(piece.size + PADDING) // (HOP * STEP)) * STEP)
    columns = _bank(mels)(piece, padding=max(0, length * HOP - piece.size))[:, :length]
    return np.ascontiguousarray(columns, dtype=np.float32)


@lru_cache(maxsize=2)
def _bank(mels: int) -> FeatureExtractor:
    from faster_whisper.feature_extractor import FeatureExtractor  # loads CTranslate2

    return FeatureExtractor(feature_size=mels)
