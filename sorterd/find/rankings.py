"""Rank the videos of a library by what a search means."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sorterd.features.settings import FeatureSpace
from sorterd.find.documents import Documents
from sorterd.find.meaning import Meaning
from sorterd.find.similar import by_caption, by_meaning
from sorterd.find.vectors import vectors
from sorterd.store.store import Store


def towers_to_ask(store: Store, space: FeatureSpace) -> Mapping[str, int]:
    """Return the towers whose vectors this library has, with their widths: that of `space`, and those of captions."""
    worded = (modality for modality in space.worded if store.captions.any_vector(modality.tower))
    return {space.id: space.extracted[0].width, **{modality.tower: modality.width for modality in worded}}


def rankings_by_meaning(
    meaning: Meaning, store: Store, space: FeatureSpace, artifacts: Path, among: Documents
) -> dict[str, list[str]]:
    """Return a ranking of the videos in `among` for each modality that a vector in `meaning` can be compared with."""
    found: dict[str, list[str]] = {}
    if space.id in meaning:
        held = vectors(store.connection, space.id, space.extracted_width, artifacts)
        found |= by_meaning(held, space.extracted, meaning[space.id], among)
    for modality in space.worded:
        if modality.tower in meaning:
            found[modality.name] = by_caption(store.captions.vectors(modality.tower), meaning[modality.tower], among)
    return found
