"""The classifier's array types, and the error for arrays that do not fit together."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]


def unit(rows: Floats) -> Floats:
    """Return each row at length 1. Rows (almost) at the origin stay zero, because they have no direction."""
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.where(length > 1e-9, rows / np.maximum(length, 1e-9), 0.0)


class TrainingDataError(ValueError):
    """The arrays handed to the classifier do not fit together. The message says which and how."""
