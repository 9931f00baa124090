"""The array types that the room speaks in."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]


def unit(rows: Floats) -> Floats:
    """Each row at length 1; rows (almost) at the origin stay zero, because they have no direction."""
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.where(length > 1e-9, rows / np.maximum(length, 1e-9), 0.0)
