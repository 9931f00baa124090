"""What the folder names say: worth a few labels per folder where they mean something (CLAP, arXiv:2312.12730)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from sorterd.classifier.arrays import Floats, TrainingDataError, unit

CategoryVectors: TypeAlias = Mapping[str, ArrayLike] | Sequence[Mapping[str, ArrayLike]]
"""{folder: vector}, which speaks to the modalities of that width; or one such mapping per modality."""

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


def by_modality(given: CategoryVectors | None, widths: Sequence[int]) -> list[dict[str, Floats]]:
    """Return the name vectors for each modality, by folder. Raise TrainingDataError for one that does not fit.

    A plain mapping belongs to modalities as wide as the last one: so text vectors of the pictures' space are compared
    with pictures too.
    """
    if given is None:
        return [{} for _ in widths]
    if isinstance(given, Mapping):
        wide = widths[-1]
        given = [given if width == wide else {} for width in widths]
    if len(given) != len(widths):
        raise TrainingDataError(f"category_vectors has {len(given)} mappings for {len(widths)} modalities")
    return [
        {str(folder): _checked(str(folder), vector, width) for folder, vector in vectors.items()}
        for vectors, width in zip(given, widths, strict=True)
    ]


def _checked(folder: str, vector: ArrayLike, width: int) -> Floats:
    numbers = np.asarray(vector, dtype=np.float64)
    if numbers.shape != (width,) or not np.isfinite(numbers).all():
        raise TrainingDataError(f"category vector of {folder!r} must be {width} finite numbers")
    return numbers
