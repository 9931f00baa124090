"""A video's whole vector, put together from what is extracted and what is written about it.

This is the only place that knows how: everything that learns, predicts, exports or explains takes its rows from here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sorterd.features.settings import FeatureSpace
from sorterd.store.database import from_blob

BYTES = 4  # of one number: float32, little-endian


@dataclass(frozen=True, slots=True)
class Row:
    """One video's vector: all modalities side by side, zeros for what is missing.

    `extracted` is False as long as only words are known of it.
    """

    fingerprint: str
    vector: bytes
    extracted: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one library in a feature space. A video of which nothing is known has none."""

    connection: sqlite3.Connection
    space: FeatureSpace

    def get(self, fingerprint: str) -> Row | None:
        """Return the row of one video."""
        return next(self._select("SELECT ? AS fingerprint", fingerprint), None)

    def all(self) -> Iterator[Row]:
        """Yield the row of every video that is on disk."""
        return self._select("SELECT DISTINCT fingerprint FROM files")

    def rejected(self) -> list[tuple[Row, str]]:
        """Return the row of each video on disk that the user took out of a category, with that category."""
        found = self._select("SELECT fingerprint FROM rejections WHERE fingerprint IN (SELECT fingerprint FROM files)")
        rows = {row.fingerprint: row for row in found}
        rejections = self.connection.execute("SELECT fingerprint, category FROM rejections ORDER BY 1, 2")
        return [(rows[video], from_blob(category)) for video, category in rejections if video in rows]

    def _select(self, videos: str, *values: str) -> Iterator[Row]:
        worded = self.space.worded
        columns = "".join(f", text{number}.vector" for number in range(len(worded)))
        texts = "".join(
            f" LEFT JOIN texts AS text{number} ON text{number}.digest = captions.digest AND text{number}.tower = ?"
            for number in range(len(worded))
        )
        query = (
            f"SELECT video.fingerprint, features.vector{columns} FROM ({videos}) AS video "
            "LEFT JOIN features ON features.fingerprint = video.fingerprint AND features.space = ? "
            f"LEFT JOIN captions ON captions.fingerprint = video.fingerprint{texts}"
        )
        for video, extracted, *words in self.connection.execute(query, (*values, self.space.id, *self.space.towers)):
            if extracted is not None or any(words):
                yield Row(video, self._joined(extracted, words), extracted is not None)

    def _joined(self, extracted: bytes | None, words: list[Any]) -> bytes:
        parts = [_zeros(self.space.extracted_width) if extracted is None else extracted]
        parts += [vector or _zeros(modality.width) for vector, modality in zip(words, self.space.worded, strict=True)]
        return b"".join(parts)


def _zeros(width: int) -> bytes:
    return bytes(BYTES * width)
