"""Vectors as they travel (float32 bytes, little-endian) and as arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sorterd.worker.messages import FeatureRow


class WrongWidth(Exception):
    """A vector has another number of dimensions than the rest."""


def to_bytes(vector: NDArray[np.float32]) -> bytes:
    """One vector [D] for the wire."""
    return np.ascontiguousarray(vector, "<f4").tobytes()


def matrix(rows: Sequence[FeatureRow], width: int) -> NDArray[np.float32]:
    """The vectors of `rows`, [n, width]. Raises WrongWidth."""
    for row in rows:
        if len(row.vector) != 4 * width:
            raise WrongWidth(f"a vector of {row.path or row.fingerprint} has {len(row.vector)} bytes, not {4 * width}")
    return np.frombuffer(b"".join(row.vector for row in rows), "<f4").reshape(len(rows), width).astype(np.float32)
