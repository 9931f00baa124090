"""What the folder names say: worth a few labels per folder where they mean something (CLAP, arXiv:2312.12730)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Floats, unit

# CLIP was trained to multiply the cosine of picture and text by 100; around their means both are about 0.65 long.
SCALE = 40.0


@dataclass(frozen=True, slots=True)
class Names:
    """`centre` [d] of the modality that is compared, unit `vectors` [folders, d] around their mean; zero without name.

    Pictures and texts lie in two separate cones of one space (Liang et al. 2022, arXiv:2203.02053): each side is taken
    around its own mean before they are compared.
    """

    centre: Floats
    vectors: Floats

    def scores(self, rows: Floats) -> Floats:
        """Scaled cosine of each row to each name. [n, folders]"""
        return np.asarray(SCALE * unit(rows - self.centre) @ self.vectors.T)


def fit_names(names: Floats, centre: Floats) -> Names:
    """Names around their mean; a single name has nothing to be told from and says nothing."""
    given = np.any(names != 0.0, axis=1)
    vectors = np.zeros_like(names)
    if given.sum() >= 2:
        vectors[given] = unit(names[given] - names[given].mean(axis=0))
    return Names(centre, vectors)
