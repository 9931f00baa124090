"""Which videos are the same footage, whatever is written about them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sorterd.classifier.duplicates import near_duplicates
from sorterd.features.settings import Modality


def same_footage(rows: NDArray[np.float32], modalities: Sequence[Modality]) -> list[int]:
    """Return group ids [n]: rows [n, D] that are near-duplicates in what is extracted from the video share one.

    Extracted modalities stand first in a row. A row that has none of them is nobody's duplicate.
    """
    widths = tuple(modality.width for modality in modalities if not modality.tower)
    return near_duplicates(rows[:, : sum(widths)], widths)
