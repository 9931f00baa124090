"""The latest prediction for each video."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sorterd.changes import KnownFile
from sorterd.prediction import Prediction
from sorterd.store.database import from_blob, from_json, to_blob
from sorterd.store.files import FILE_COLUMNS, to_file
from sorterd.text import printable

_COLUMNS = "folder, confidence, top, move, reason"


@dataclass(frozen=True, slots=True)
class Predictions:
    """The table `predictions`."""

    connection: sqlite3.Connection

    def put(self, fingerprint: str, predictor: str, prediction: Prediction, *, now: float) -> None:
        """Store the prediction for a video, in place of an earlier one.

        `predictor` identifies the model and the settings. For any other predictor the prediction is stale.
        """
        self.connection.execute(
            "INSERT OR REPLACE INTO predictions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(fingerprint, predictor, to_blob(prediction.folder), prediction.confidence),
                *(json.dumps(prediction.top), int(prediction.move), printable(prediction.reason), now),
            ),
        )

    def clear(self) -> None:
        """Forget all predictions."""
        self.connection.execute("DELETE FROM predictions")

    def all(self) -> dict[str, Prediction]:
        """Return the latest prediction for every video on disk, by fingerprint."""
        rows = self.connection.execute(
            f"SELECT fingerprint, {_COLUMNS} FROM predictions WHERE fingerprint IN (SELECT fingerprint FROM files)"
        )
        return {fingerprint: _prediction(row) for fingerprint, *row in rows}

    def unfiled(self, predictor: str) -> dict[str, float]:
        """Return this predictor's confidence for each video that the user has not filed, including those we moved."""
        rows = self.connection.execute(
            "SELECT fingerprint, confidence FROM predictions WHERE predictor = ? AND fingerprint IN "
            "(SELECT fingerprint FROM files GROUP BY fingerprint "
            "HAVING max(coalesce(source, '') IN ('user', 'confirmed')) = 0)",
            (predictor,),
        )
        return dict(rows.fetchall())

    def of_inbox(
        self, predictor: str, *, sure: bool = False, only: Collection[str] | None = None
    ) -> list[tuple[KnownFile, Prediction, str | None]]:
        """Return each inbox file with its prediction by this predictor, and the path where its content is also filed.

        `sure`: only those that the predictor would move. `only`: only these contents. The order is by path.
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
            (to_file(row[:7]), _prediction(row[7:12]), None if row[12] is None else from_blob(row[12]))
            for row in sorted(rows)
        ]


def _prediction(row: Sequence[Any]) -> Prediction:
    folder, confidence, top, move, reason = row
    pairs = tuple((name, float(value)) for name, value in from_json(top))
    return Prediction(from_blob(folder), confidence, pairs, bool(move), reason)
