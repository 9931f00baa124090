"""Which videos have pictures, how large these are, and which could not be drawn."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

# How much a picture is missed: of what waits in the inbox, of what we moved, of what the user filed, of what is gone.
_RANK = """max(CASE WHEN files.fingerprint IS NULL THEN 0 WHEN source IS NULL THEN 3 WHEN source = 'auto' THEN 2
    ELSE 1 END)"""


@dataclass(frozen=True, slots=True)
class PictureTable:
    """The table `pictures`. `bytes` is 0 for a video of which none could be drawn."""

    connection: sqlite3.Connection

    def add(self, fingerprint: str, size: int, *, now: float) -> None:
        """Record that the pictures of a video lie in the folder, and that they have `size` bytes."""
        self.connection.execute("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, 0, NULL)", (fingerprint, size, now))

    def fail(self, fingerprint: str, *, attempts: int, retry_at: float | None, now: float) -> None:
        """Record that a video has no pictures after these attempts, and when to try again (None for never)."""
        values = (fingerprint, now, attempts, retry_at)
        self.connection.execute("INSERT OR REPLACE INTO pictures VALUES (?, 0, ?, ?, ?)", values)

    def attempts(self, fingerprint: str) -> int:
        """Return how often drawing has failed."""
        query = "SELECT attempts FROM pictures WHERE fingerprint = ?"
        row = self.connection.execute(query, (fingerprint,)).fetchone()
        return 0 if row is None else int(row[0])

    def forget(self, fingerprint: str) -> None:
        """Drop what is recorded of a video."""
        self.connection.execute("DELETE FROM pictures WHERE fingerprint = ?", (fingerprint,))

    def retry(self, fingerprint: str | None = None) -> None:
        """Let this video, or all that could not be drawn, be tried again."""
        which, values = ("", ()) if fingerprint is None else (" AND fingerprint = ?", (fingerprint,))
        self.connection.execute(f"DELETE FROM pictures WHERE bytes = 0{which}", values)

    def missing(self, space: str, *, now: float, limit: int) -> list[str]:
        """Return extracted videos on disk without pictures that may be tried now, the most wanted and newest first."""
        rows = self.connection.execute(
            "SELECT files.fingerprint FROM files JOIN features ON features.fingerprint = files.fingerprint "
            "AND space = ? LEFT JOIN pictures ON pictures.fingerprint = files.fingerprint "
            "WHERE pictures.fingerprint IS NULL OR (bytes = 0 AND retry_at <= ?) "
            f"GROUP BY files.fingerprint ORDER BY {_RANK} DESC, max(mtime_ns) DESC LIMIT ?",
            (space, now, limit),
        )
        return [fingerprint for (fingerprint,) in rows]

    def recorded(self) -> dict[str, int]:
        """Return the bytes of each video's pictures."""
        return dict(self.connection.execute("SELECT fingerprint, bytes FROM pictures WHERE bytes > 0"))

    def least_wanted(self) -> list[tuple[str, int]]:
        """Return each video's pictures with their bytes: first of videos that are gone, then by who filed them, the
        oldest pictures first."""
        return list(
            self.connection.execute(
                "SELECT pictures.fingerprint, bytes FROM pictures LEFT JOIN files USING (fingerprint) WHERE bytes > 0 "
                f"GROUP BY pictures.fingerprint ORDER BY {_RANK}, pictures.at"
            )
        )

    def totals(self) -> tuple[int, int]:
        """Return (how many videos have pictures, their bytes)."""
        query = "SELECT count(*), coalesce(sum(bytes), 0) FROM pictures WHERE bytes > 0"
        videos, size = self.connection.execute(query).fetchone()
        return int(videos), int(size)
