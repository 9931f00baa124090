"""What the model in use says of each video."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from sorterd.changes import KnownFile
from sorterd.store.database import from_blob, from_json, to_blob
from sorterd.store.files import FILE_COLUMNS, to_file
from sorterd.text import printable

_COLUMNS = "fingerprint, predictor, folder, confidence, top, move, reason"


@dataclass(frozen=True, slots=True)
class StoredPrediction:
    """The model's word on one video. `move`: sure enough at the threshold it was asked with.

    `predictor` names the model and the settings that it was asked with; another predictor must look again.
    """

    fingerprint: str
    predictor: str
    folder: str
    confidence: float
    top: tuple[tuple[str, float], ...]
    move: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Predictions:
    """The table `predictions`."""

    connection: sqlite3.Connection

    def put(self, prediction: StoredPrediction, *, now: float) -> None:
        """Keep the latest word on a video."""
        self.connection.execute(
            "INSERT OR REPLACE INTO predictions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(prediction.fingerprint, prediction.predictor, to_blob(prediction.folder), prediction.confidence),
                *(json.dumps(prediction.top), int(prediction.move), printable(prediction.reason), now),
            ),
        )

    def clear(self) -> None:
        """Forget every word."""
        self.connection.execute("DELETE FROM predictions")

    def all(self) -> dict[str, StoredPrediction]:
        """The latest word on every video that is on disk."""
        rows = self.connection.execute(
            f"SELECT {_COLUMNS} FROM predictions WHERE fingerprint IN (SELECT fingerprint FROM files)"
        )
        return {row[0]: _prediction(row) for row in rows}

    def unfiled(self, predictor: str) -> dict[str, float]:
        """How sure this predictor is of each video that the user has not filed, also of those that we moved."""
        rows = self.connection.execute(
            "SELECT fingerprint, confidence FROM predictions WHERE predictor = ? AND fingerprint IN "
            "(SELECT fingerprint FROM files GROUP BY fingerprint "
            "HAVING max(coalesce(source, '') IN ('user', 'confirmed')) = 0)",
            (predictor,),
        )
        return dict(rows.fetchall())

    def of_inbox(
        self, predictor: str, *, sure: bool = False, only: Collection[str] | None = None
    ) -> list[tuple[KnownFile, StoredPrediction, str | None]]:
        """Each inbox file with this judge's word on it, and where the same content is filed, if it is; by path.

        `sure`: only where the word is to move it. `only`: of these contents, whatever the word.
        """
        query = (
            f"SELECT {FILE_COLUMNS}, {_COLUMNS}, (SELECT min(path) FROM files AS copies "
            "WHERE copies.fingerprint = files.fingerprint AND copies.category IS NOT NULL) "
            "FROM files JOIN predictions USING (fingerprint) WHERE source IS NULL AND predictor = ?"
        )
        if only is None:
            rows = self.connection.execute(f"{query} AND move >= ?", (predictor, int(sure))).fetchall()
        else:
            one = f"{query} AND fingerprint = ?"
            rows = [row for content in only for row in self.connection.execute(one, (predictor, content))]
        return [
            (to_file(row[:7]), _prediction(row[7:14]), None if row[14] is None else from_blob(row[14]))
            for row in sorted(rows)
        ]


def _prediction(row: tuple[str, str, bytes, float, str, int, str]) -> StoredPrediction:
    fingerprint, predictor, folder, confidence, top, move, reason = row
    pairs = tuple((name, float(value)) for name, value in from_json(top))
    return StoredPrediction(fingerprint, predictor, from_blob(folder), confidence, pairs, bool(move), reason)
