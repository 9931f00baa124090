"""Fuse several frames and pieces of text into one vector per video: the modalities side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

VERSION = 2
"""Part of the feature space: raise it whenever the same models would give another vector for the same file."""


def fuse(images: NDArray[np.float32], texts: NDArray[np.float32], widths: tuple[int, int]) -> NDArray[np.float32]:
    """Return the vector [d + d_text] of frames [n, d] and transcript pieces [m, d_text], both unit rows.

    Each modality is the mean of its rows at unit length, so that neither outweighs the other. Without rows it is zero.
    """
    return np.concatenate([_unit_mean(images, widths[0]), _unit_mean(texts, widths[1])])


def _unit_mean(rows: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    if not len(rows):
        return np.zeros(width, np.float32)
    mean = rows.mean(axis=0, dtype=np.float64)
    length = float(np.linalg.norm(mean))
    unit: NDArray[np.float32] = (mean / length if length else mean).astype(np.float32)
    return unit
