"""The queue of captions: videos whose name or text sidecars differ from what was last read.

Nothing of it is stored. It is worked out again when a row that it depends on has changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sorterd.store.database import from_blob
from sorterd.store.listening import RowChange, listen

_CHANGES = (
    *(RowChange("caption_sources", f"AFTER {event}") for event in ("INSERT", "DELETE")),
    *(RowChange("files", f"AFTER {event}") for event in ("INSERT", "DELETE", "UPDATE OF path, fingerprint")),
    RowChange("captions", "AFTER DELETE"),
)

# Of several copies, the one with the most beside it is read: always the same one, or reading would never end.
_UNREAD = """
    WITH places AS (
        SELECT fingerprint, path, seen, labelled_at, fresh, mtime_ns,
        row_number() OVER (PARTITION BY fingerprint ORDER BY length(seen) DESC, path) AS place
        FROM files JOIN caption_sources USING (path) WHERE fingerprint <> ''
    )
    SELECT places.fingerprint, path, places.seen, CASE WHEN fresh THEN labelled_at ELSE 0 END FROM places
    LEFT JOIN captions ON captions.fingerprint = places.fingerprint
    WHERE place = 1
    AND (captions.seen IS NULL OR captions.seen <> places.seen OR (captions.digest <> '' AND EXISTS (
        SELECT value FROM json_each(?) EXCEPT SELECT tower FROM texts WHERE texts.digest = captions.digest
    )))
    ORDER BY fresh DESC, labelled_at * fresh DESC, mtime_ns DESC
"""


@dataclass(frozen=True, slots=True)
class UnreadCaption:
    """A video at one of its paths, the source to read there, and when it arrived (0 unless it is a new arrival)."""

    fingerprint: str
    path: str
    seen: str
    arrived: float


class Unread:
    """The captions to be read, with vectors by each of the `towers`.

    A connection keeps only its latest Unread up to date.
    """

    def __init__(self, connection: sqlite3.Connection, towers: Sequence[str]) -> None:
        self._connection = connection
        self._towers = json.dumps(list(towers))
        self._waiting: dict[str, UnreadCaption] | None = None
        listen(connection, "captions_changed", self._forget, _CHANGES)

    def next(
        self,
        limit: int,
        *,
        first: Collection[str] = (),
        arrived_after: float | None = None,
        without: Collection[str] = (),
    ) -> list[UnreadCaption]:
        """Return the next captions to read: one of the videos in `first` alone, else new arrivals, then the newest.

        With `arrived_after`, only videos that have arrived since then count. Those in `without` are skipped.
        """
        since = -1.0 if arrived_after is None else max(0.0, arrived_after)
        due = [one for one in self._due().values() if one.arrived > since and one.fingerprint not in without]
        alone = [one for one in due if one.fingerprint in first]
        return alone[:1] or due[:limit]

    def read(self, fingerprint: str) -> None:
        """Note that this caption was read and recorded."""
        if self._waiting is not None:
            self._waiting.pop(fingerprint, None)

    def _forget(self) -> None:
        self._waiting = None

    def _due(self) -> dict[str, UnreadCaption]:
        if self._waiting is None:
            rows = self._connection.execute(_UNREAD, (self._towers,))
            self._waiting = {row[0]: UnreadCaption(row[0], from_blob(row[1]), row[2], row[3]) for row in rows}
        return self._waiting
