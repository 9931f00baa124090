"""Choose where the models run, and make batches fit its memory."""

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
"""Working memory of one image in a tower of the size of ViT-L/14, generously; ViT-B/32 takes a tenth."""

CPU_BATCH = 10
"""Images per batch on a CPU: those of two videos. Smaller and larger batches were slower per image (20: by a tenth in
ViT-B/32, by half in EfficientNet), and 20 take 70 MB more."""

PROCESSOR = Path("/proc/cpuinfo")


def choose(wanted: str) -> torch.device:
    """Return the device for "auto", "cpu" or "cuda". Without a GPU it is always the CPU."""
    if wanted != "cpu" and torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("cpu")


def place(settings: FeatureSettings, models: str, *, listens: bool) -> Placement:
    """Return where each part runs, given the settings and the models that they mean ("clip" or "embedded").

    The packaged towers always run on the CPU. There a picture takes 4 ms (16 cores). On an H200 each new batch shape
    costs 2 s, and there are as many shapes as numbers of pictures in a batch.
    """
    card = choose(settings.device).type
    towers = "cpu" if models == "embedded" or "towers" in settings.on_cpu else card
    speech = "cpu" if "speech" in settings.on_cpu else card
    return Placement(towers, speech if listens else "")


def batch_size(device: torch.device, wanted: int | None) -> int:
    """Return images per batch on this device. If the configured size is None, the free memory decides."""
    if wanted is not None:
        return wanted
    if device.type != "cuda":
        return CPU_BATCH
    free, _total = torch.cuda.mem_get_info(device)
    return int(min(512, max(8, free // 2 // BYTES_PER_IMAGE)))


def fixed_sizes(most: int) -> list[int]:
    """Return the few sizes that batches of at most `most` have on a card: powers of two, and the largest."""
    sizes = [1 << step for step in range(most.bit_length())]
    return [size for size in sizes if size < most] + [most]


def fixed_size(count: int, most: int) -> int:
    """Return the smallest of these sizes that has room for `count`."""
    return next(size for size in fixed_sizes(max(count, most)) if size >= count)


def image_precision(device: torch.device) -> torch.dtype:
    """Return the precision in which the image tower's weights are kept and used on this device.

    CPUs that multiply bfloat16 in hardware (AVX512-BF16, AMX) use it. Compared with float32 it takes half the time on
    ViT-B/32 (0.25 instead of 0.51 s for five frames on one core of a Zen 4) and on EfficientNet, and half the memory,
    at cosine 0.9999 and 0.9996. Other CPUs emulate it, which is several times slower, so they use float32. Autocast is
    no alternative: it turns torch's fast path for attention off and is slower even in hardware. A GPU uses float32 and
    gives the same vectors as a CPU.
    """
    return torch.bfloat16 if device.type == "cpu" and _multiplies_bfloat16() else torch.float32


def _multiplies_bfloat16() -> bool:
    try:
        flags = PROCESSOR.read_text().split()
    except OSError:  # only Linux has this file
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def in_batches(
    run: Callable[[int, int], NDArray[np.float32]], total: int, size: int
) -> tuple[NDArray[np.float32], int]:
    """Run `run(first, end)` over all of `total` in batches, and halve them when memory runs out.

    Return the rows and the batch size that fitted in the end, to start with the next time. Raise torch.OutOfMemoryError
    if not even a batch of one fits.
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
