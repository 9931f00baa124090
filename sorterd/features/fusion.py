"""What is extracted from a video: its modalities, side by side in one vector.

To add one, write it as an `ExtractedModality` and name it in EXTRACTED: store, classifier and commands take what the
feature space says. (What is written beside a video needs no extraction: see words.py.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sorterd.features.preprocess import Preprocessed
from sorterd.features.settings import Modality

Vector = NDArray[np.float32]

VERSION = 2
"""Part of the feature space: raise it whenever the same models would give another vector for the same file."""


@dataclass(frozen=True, slots=True, eq=False)
class EncodedVideo:
    """What modalities are made from: a decoded video, and unit rows of its frames [n, d] and of what is said [m, d]."""

    decoded: Preprocessed
    frames: NDArray[np.float32]
    words: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ExtractedModality:
    """One modality: its name, its width, and its part of the vector.

    `width` is given the widths of the image and the text tower, and `part` the width. A part has unit length, or is all
    zeros if the video lacks it.
    """

    name: str
    width: Callable[[tuple[int, int]], int]
    part: Callable[[EncodedVideo, int], Vector]


PICTURES = ExtractedModality("pictures", lambda towers: towers[0], lambda video, width: unit_mean(video.frames, width))
SPEECH = ExtractedModality("speech", lambda towers: towers[1], lambda video, width: unit_mean(video.words, width))
EXTRACTED = (PICTURES, SPEECH)


def described(extracted: Sequence[ExtractedModality], towers: tuple[int, int]) -> tuple[Modality, ...]:
    """Return what a feature space says of the modalities, given the widths of the towers."""
    return tuple(Modality(one.name, one.width(towers)) for one in extracted)


def fuse(video: EncodedVideo, extracted: Sequence[ExtractedModality], towers: tuple[int, int]) -> Vector:
    """Return the vector of a video: the parts of all modalities."""
    parts = [one.part(video, one.width(towers)) for one in extracted]
    return np.concatenate(parts, dtype=np.float32)


def unit_mean(rows: NDArray[np.float32], width: int) -> Vector:
    """Return the mean of rows [n, width] at unit length, zeros without rows. So no modality outweighs another."""
    if not len(rows):
        return np.zeros(width, np.float32)
    mean = rows.mean(axis=0, dtype=np.float64)
    length = float(np.linalg.norm(mean))
    unit: NDArray[np.float32] = (mean / length if length else mean).astype(np.float32)
    return unit
