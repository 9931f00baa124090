"""Rank videos by their vectors: by similarity to one of them, or to words. It needs NumPy and no models."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sorterd.features.settings import Modality
from sorterd.find.fusion import LONGEST
from sorterd.find.vectors import MISSING, Vectors, cosines

Floats = NDArray[np.float32]


def like(
    vectors: Vectors, modalities: Sequence[Modality], video: str, among: Container[str], most: int
) -> list[tuple[str, float]]:
    """Return the other videos in `among` with their similarity to this one, the most similar first, at most `most`.

    Similarity is the mean cosine over the modalities that both have. A video of which nothing was extracted has none.
    """
    if video not in vectors.videos:
        return []
    widths = [modality.width for modality in modalities]
    own = np.asarray(vectors.rows[vectors.videos.index(video)])
    total, count = np.zeros(len(vectors.videos), np.float32), np.zeros(len(vectors.videos), np.float32)
    for part, query in enumerate(np.split(own, np.cumsum(widths)[:-1])):
        if np.any(query):
            found = cosines(vectors.rows, widths, part, query)
            there = found > MISSING
            total[there] += found[there]
            count[there] += 1
    means = np.where(count > 0, total / np.maximum(count, 1), MISSING)
    order = np.argsort(-means, kind="stable")
    nearest = (
        (vectors.videos[i], float(means[i]))
        for i in order
        if vectors.videos[i] != video and vectors.videos[i] in among and means[i] > MISSING
    )
    return list(islice(nearest, most))


def by_meaning(
    vectors: Vectors, modalities: Sequence[Modality], query: Floats, among: Container[str], most: int = LONGEST
) -> Mapping[str, list[str]]:
    """Return the first `most` videos in `among` for each extracted modality, by the cosine to a text's vector.

    `query` is a unit vector in the space of the modalities, which must be as wide.
    """
    widths = [modality.width for modality in modalities]
    wanted = np.array([video in among for video in vectors.videos], dtype=bool)
    rankings = {}
    for part, modality in enumerate(modalities):
        if modality.width == len(query):
            found = cosines(vectors.rows, widths, part, query)
            found[~wanted] = MISSING
            order = np.argsort(-found, kind="stable")[:most]
            rankings[modality.name] = [vectors.videos[i] for i in order if found[i] > MISSING]
    return rankings


def by_caption(
    captions: Sequence[tuple[str, bytes]], query: Floats, among: Container[str], most: int = LONGEST
) -> list[str]:
    """Return the first `most` videos in `among` by the cosine of their captions' unit vectors to a text's.

    `captions` are pairs of (video, float32 bytes).
    """
    wanted = [(video, vector) for video, vector in captions if video in among and len(vector) == 4 * len(query)]
    rows = np.frombuffer(b"".join(vector for _, vector in wanted), "<f4").reshape(len(wanted), len(query))
    return [wanted[i][0] for i in np.argsort(-(rows @ query), kind="stable")[:most]]
