"""Where the models run, and what happens when its memory is not enough."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from sorterd.features.settings import FeatureSettings, Placement

log = logging.getLogger(__name__)

BYTES_PER_IMAGE = 64 * 2**20
"""Working memory of one image in a tower of the size of ViT-L/14, and more; ViT-B/32 takes a tenth."""

CPU_BATCH = 10
"""Images, those of two videos. Measured on a CPU, fewer and more are slower per image (20: a tenth in ViT-B/32, half in
EfficientNet), and 20 take 70 MB more."""

PROCESSOR = Path("/proc/cpuinfo")


def choose(wanted: str) -> torch.device:
    """Given "auto", "cpu" or "cuda", return the device; "auto" and a missing GPU give the CPU."""
    if wanted != "cpu" and torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("cpu")


def place(settings: FeatureSettings, models: str, *, listens: bool) -> Placement:
    """Given the settings and which models they mean ("clip" or "embedded"), return where each part runs.

    The packaged towers always run on the CPU: 4 ms a picture on one with 16 cores, where each new shape of a batch
    costs 2 s on an H200, and the shapes are as many as the numbers of pictures at hand.
    """
    card = choose(settings.device).type
    towers = "cpu" if models == "embedded" or "towers" in settings.on_cpu else card
    speech = "cpu" if "speech" in settings.on_cpu else card
    return Placement(towers, speech if listens else "")


def batch_size(device: torch.device, wanted: int | None) -> int:
    """Given the device and the configured size, return images per batch; None is found from the free memory."""
    if wanted is not None:
        return wanted
    if device.type != "cuda":
        return CPU_BATCH
    free, _total = torch.cuda.mem_get_info(device)
    return int(min(512, max(8, free // 2 // BYTES_PER_IMAGE)))


def image_precision(device: torch.device) -> torch.dtype:
    """Given the device, return the precision in which the image tower's weights are kept and used.

    bfloat16 on a CPU that multiplies it by itself (AVX512-BF16, AMX): half the time of float32 on ViT-B/32 (0.25
    instead of 0.51 s for five frames on one core of a Zen 4) and on EfficientNet, half the memory, cosine 0.9999 and
    0.9996. Where that is emulated it is several times slower: float32. Not by autocast, which turns torch's fast path
    for attention off and is slower even there. A GPU computes in float32: the same vectors as on the CPU.
    """
    return torch.bfloat16 if device.type == "cpu" and _multiplies_bfloat16() else torch.float32


def _multiplies_bfloat16() -> bool:
    try:
        flags = PROCESSOR.read_text().split()
    except OSError:  # only Linux has it
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def in_batches(
    run: Callable[[int, int], NDArray[np.float32]], total: int, size: int
) -> tuple[NDArray[np.float32], int]:
    """Given `run(first, end)` over a range, run all of `total` in batches, halving them when memory runs out.

    Return the rows and the size that was not too large in the end, to start with the next time. Raise
    torch.OutOfMemoryError when not even a batch of one fits.
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
    return np.concatenate(done), size
