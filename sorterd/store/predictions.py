"""What the model in use says of each video."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from sorterd.display import printable
from sorterd.store.database import from_blob, from_json, to_blob


@dataclass(frozen=True, slots=True)
class Prediction:
    """The model's word on one video. `move`: sure enough at the threshold it was asked with.

    `judge` names the model and the settings that it was asked with; another judge must look again.
    """

    fingerprint: str
    judge: str
    folder: str
    confidence: float
    top: tuple[tuple[str, float], ...]
    move: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Predictions:
    """The table `predictions`."""

    connection: sqlite3.Connection

    def put(self, prediction: Prediction, *, now: float) -> None:
        """Keep the latest word on a video."""
        self.connection.execute(
            "INSERT OR REPLACE INTO predictions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(prediction.fingerprint, prediction.judge, to_blob(prediction.folder), prediction.confidence),
                *(json.dumps(prediction.top), int(prediction.move), printable(prediction.reason), now),
            ),
        )

    def clear(self) -> None:
        """Forget every word."""
        self.connection.execute("DELETE FROM predictions")

    def all(self) -> dict[str, Prediction]:
        """The latest word on every video that is on disk."""
        rows = self.connection.execute(
            "SELECT fingerprint, judge, folder, confidence, top, move, reason FROM predictions "
            "WHERE fingerprint IN (SELECT fingerprint FROM files)"
        )
        return {row[0]: _prediction(row) for row in rows}

    def unjudged(self, space: str, judge: str, limit: int) -> list[tuple[str, str, bytes]]:
        """Inbox videos with features that this judge has not seen: (fingerprint, path, vector), newcomers first."""
        rows = self.connection.execute(
            "SELECT fingerprint, min(path), vector FROM files JOIN features USING (fingerprint) "
            "LEFT JOIN predictions USING (fingerprint) WHERE source IS NULL AND space = ? "
            "AND coalesce(judge, '') <> ? GROUP BY fingerprint ORDER BY max(fresh) DESC, max(mtime_ns) DESC LIMIT ?",
            (space, judge, limit),
        )
        return [(content, from_blob(path), vector) for content, path, vector in rows]


def _prediction(row: tuple[str, str, bytes, float, str, int, str]) -> Prediction:
    fingerprint, judge, folder, confidence, top, move, reason = row
    pairs = tuple((name, float(value)) for name, value in from_json(top))
    return Prediction(fingerprint, judge, from_blob(folder), confidence, pairs, bool(move), reason)
