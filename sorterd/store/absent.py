"""Features of content that has left the disk: kept for a while, as files come back, and dropped then."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sorterd.store.database import transaction

KEPT_SECONDS = 30 * 24 * 3600.0

_GONE = "fingerprint NOT IN (SELECT fingerprint FROM files)"


@dataclass(frozen=True, slots=True)
class Absent:
    """The table `absent`."""

    connection: sqlite3.Connection

    def sweep(self, *, now: float, kept: float = KEPT_SECONDS) -> int:
        """Note what has come and gone, and drop the features of what was away for `kept` seconds; of how many videos.

        Only what can be made again goes: features, predictions and failures; never what the user said, or the journal.
        A time in the future (the clock was wrong then) counts as now.
        """
        with transaction(self.connection):
            self.connection.execute("DELETE FROM absent WHERE fingerprint IN (SELECT fingerprint FROM files)")
            self.connection.execute("UPDATE absent SET since = ? WHERE since > ?", (now, now))
            for table in ("features", "predictions", "failures"):
                self.connection.execute(
                    f"INSERT OR IGNORE INTO absent SELECT DISTINCT fingerprint, ? FROM {table} WHERE {_GONE}", (now,)
                )
            long_gone = "SELECT fingerprint FROM absent WHERE since <= ?"
            old = self.connection.execute(long_gone, (now - kept,)).fetchall()
            for table in ("features", "predictions", "failures", "absent"):
                self.connection.executemany(f"DELETE FROM {table} WHERE fingerprint = ?", old)
        return len(old)
