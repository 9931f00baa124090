"""Make vectors of a search, by the text towers that are loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sorterd.features.device_failure import DeviceFailed
from sorterd.worker.child import vectors
from sorterd.worker.embed_messages import Embed, TextEmbedded

Tower = Callable[[Sequence[str]], NDArray[np.float32]]


def embed(question: Embed, towers: Mapping[str, Tower]) -> TextEmbedded:
    """Return the vectors of those `towers` that are asked for. One whose card fails is left out: a job will tell."""
    found = []
    for name in question.towers:
        if name in towers:
            try:
                found.append((name, vectors.to_bytes(towers[name]([question.text])[0])))
            except DeviceFailed:
                continue
    return TextEmbedded(question.job, tuple(found))
