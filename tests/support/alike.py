"""Made-up vectors: groups of alike videos among others that are like nothing."""

import numpy as np
from numpy.typing import NDArray

from sorterd.features.settings import extracted_modalities

WIDTH = 64
MODALITIES = extracted_modalities(WIDTH, WIDTH)


def alike(sizes: list[int], others: int) -> NDArray[np.float32]:
    """Return vectors with pictures and no speech: those of each group side by side, then the others.

    All of them have something in common, as the vectors of real models have.
    """
    chance = np.random.default_rng(0)
    centres = chance.normal(size=(len(sizes), WIDTH))
    parts = [centre + 0.3 * chance.normal(size=(size, WIDTH)) for centre, size in zip(centres, sizes, strict=True)]
    pictures = np.vstack([*parts, chance.normal(size=(others, WIDTH))]) + 0.5
    pictures /= np.linalg.norm(pictures, axis=1, keepdims=True)
    return np.hstack([pictures, np.zeros_like(pictures)]).astype(np.float32)
