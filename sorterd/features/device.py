"""Where the models run, and what happens when its memory is not enough."""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

log = logging.getLogger(__name__)

BYTES_PER_IMAGE = 64 * 2**20
"""Working memory of one image in a tower of the size of ViT-L/14 in half precision; ViT-B/32 takes a tenth."""


def choose(wanted: str) -> torch.device:
    """Given "auto", "cpu" or "cuda", return the device; "auto" and a missing GPU give the CPU."""
    if wanted != "cpu" and torch.cuda.is_available():
        return torch.device("cuda")
    if wanted == "cuda":
        log.warning("features.device is cuda, but no CUDA GPU is usable here: using the CPU")
    return torch.device("cpu")


def batch_size(device: torch.device, wanted: int | None) -> int:
    """Given the device and the configured size, return images per batch; None is found from the free memory.

    On a CPU larger batches are no faster per image, so 20 frames, those of four videos, are enough.
    """
    if wanted is not None:
        return wanted
    if device.type != "cuda":
        return 20
    free, _total = torch.cuda.mem_get_info(device)
    return int(min(512, max(8, free // 2 // BYTES_PER_IMAGE)))


def in_batches(run: Callable[[int, int], NDArray[np.float32]], total: int, size: int) -> NDArray[np.float32]:
    """Given `run(first, end)` over a range, run all of `total` in batches, halving them when memory runs out.

    Raise torch.OutOfMemoryError when not even a batch of one fits.
    """
    done: list[NDArray[np.float32]] = []
    first = 0
    while first < total:
        try:
            done.append(run(first, min(first + size, total)))
        except torch.OutOfMemoryError:
            if size == 1:
                raise
            size = max(1, size // 2)
            torch.cuda.empty_cache()
            log.warning("out of GPU memory: batches of %d from here on", size)
            continue
        first += size
    return np.concatenate(done)
