"""Three packaged clips by which it is known whether two machines make the same vectors.

The id of a feature space stands for models and settings, but not for the device, its precision, or the versions of the
decoders. So each machine extracts these clips when it joins, and the vectors must be nearly those of home.
"""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Mapping, Sequence

from sorterd.features.settings import Modality
from sorterd.samples import SAMPLES

LEAST = 0.999
"""The least cosine of each modality but speech: bfloat16 and other decoders give .9998 and more, other models .9 and
less."""

LEAST_SPEECH = 0.98
"""The same models hear a comma more on a processor of another make, or on a card: cosine .9971, on an NVIDIA H200 and
its Intel processor."""

CLIPS: dict[str, bytes] = {
    f"control {path}": os.fsencode(SAMPLES / path)
    for path in ("cats/tabby-on-the-rug.mp4", "cooking/pancakes.mp4", "space/saturn.mp4")
}
"""The name of each clip, by which it is known in reports, and its path."""


def difference(home: Mapping[str, bytes], there: Mapping[str, bytes], modalities: Sequence[Modality]) -> str:
    """Return one sentence on the first clip and modality that differ too much, or "" if all are nearly equal.

    Vectors are float32 bytes, little-endian, modality after modality.
    """
    for name in CLIPS:
        start = 0
        for modality in modalities:
            end = start + modality.width * 4
            similarity = cosine(home.get(name, b"")[start:end], there.get(name, b"")[start:end])
            start = end
            least = LEAST_SPEECH if modality.name == "speech" else LEAST
            if not similarity >= least:  # also if it is no number
                return (
                    f"it sees {name.removeprefix('control ')} otherwise than home does "
                    f"({modality.name}: cosine {similarity:.4f}, at least {least} is needed)"
                )
    return ""


def cosine(one: bytes, other: bytes) -> float:
    """Return the cosine of two float32 vectors. Two zero vectors are equal; of different lengths none are."""
    if len(one) != len(other) or len(one) % 4:
        return 0.0
    first, second = (struct.unpack(f"<{len(part) // 4}f", part) for part in (one, other))
    lengths = math.hypot(*first) * math.hypot(*second)
    if lengths == 0.0:
        return float(not any(first) and not any(second))
    product = math.sumprod(first, second) if hasattr(math, "sumprod") else sum(map(float.__mul__, first, second))
    return product / lengths
