"""Convert vectors between their form on the wire (float32 bytes, little-endian) and arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sorterd.worker.job_messages import FeatureRow


class WrongWidth(Exception):
    """A vector has a different number of dimensions than the others."""


def to_bytes(vector: NDArray[np.float32]) -> bytes:
    """Return one vector [D] as bytes."""
    return np.ascontiguousarray(vector, "<f4").tobytes()


def matrix(rows: Sequence[FeatureRow], width: int) -> NDArray[np.float32]:
    """Return the vectors of `rows`, [n, width]. Raise WrongWidth."""
    for row in rows:
        if len(row.vector) != 4 * width:
            raise WrongWidth(f"a vector of {row.path or row.fingerprint} has {len(row.vector)} bytes, not {4 * width}")
    return np.frombuffer(b"".join(row.vector for row in rows), "<f4").reshape(len(rows), width).astype(np.float32)
