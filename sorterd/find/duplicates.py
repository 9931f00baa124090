"""Videos that are there more than once: the same content, or the same footage in another file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sorterd.features.settings import Modality
from sorterd.find.vectors import Vectors


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Paths of one video, sorted. `exact`: all of them have the same content."""

    paths: tuple[str, ...]
    exact: bool


def duplicates(
    paths: Mapping[str, Sequence[str]],
    vectors: Vectors,
    modalities: Sequence[Modality],
    lengths: Mapping[str, float],
) -> list[Duplicates]:
    """Return the videos that are there more than once, exact ones first. `paths` are those of each content.

    The same footage is what has nearly the same frames, the same speech or none, and about the same length
    (`same_footage`). A length, in seconds, that is not known is no evidence.
    """
    from sorterd.classifier.duplicates import same_footage

    exact = [Duplicates(tuple(sorted(places)), True) for places in paths.values() if len(places) > 1]
    groups: defaultdict[int, list[str]] = defaultdict(list)
    seconds = [lengths.get(video, np.nan) for video in vectors.videos]
    footage = same_footage(np.asarray(vectors.rows), modalities, seconds)
    for video, group in zip(vectors.videos, footage, strict=True):
        if video in paths:
            groups[group].append(video)
    near = [
        Duplicates(tuple(sorted(path for video in group for path in paths[video])), False)
        for group in groups.values()
        if len(group) > 1
    ]
    return sorted(exact, key=lambda one: one.paths) + sorted(near, key=lambda one: one.paths)
