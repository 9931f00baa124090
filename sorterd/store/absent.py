"""Keep what is known of content that has left the disk for a while, because files come back, then drop it.

Features, pictures and predictions go first, as they can be made again. Labels, rejections and the journal of its moves
go about a year later. Otherwise the database would grow with every video that ever existed.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sorterd.store.captions import CaptionTable
from sorterd.store.database import transaction
from sorterd.store.journal import Journal
from sorterd.store.vacated import Vacated

KEPT_SECONDS = 30 * 24 * 3600.0
REMEMBERED = 12  # times KEPT_SECONDS: about a year, much longer than systems keep files in the trash

_MADE_AGAIN = ("features", "predictions", "failures", "pictures", "captions")
_SAID = ("rejections", "holds", "departed")
_KNOWING = (*_MADE_AGAIN, *_SAID, "moves")


@dataclass(frozen=True, slots=True)
class Absent:
    """The table `absent`."""

    connection: sqlite3.Connection

    def sweep(self, *, now: float, kept: float = KEPT_SECONDS) -> int:
        """Drop the features of content that has been away for `kept` seconds. Return the number of videos affected.

        Content that has been away REMEMBERED times as long is forgotten, except while a move of it is unfinished.
        Failed moves stay in the journal for `kept` seconds. A time in the future (from a wrong clock) counts as now.
        """
        with transaction(self.connection):
            self.connection.execute("DELETE FROM absent WHERE fingerprint IN (SELECT fingerprint FROM files)")
            self.connection.execute("UPDATE absent SET since = ? WHERE since > ?", (now, now))
            for table in _KNOWING:
                self.connection.execute(
                    f"INSERT OR IGNORE INTO absent SELECT DISTINCT fingerprint, ? FROM {table} "
                    "WHERE fingerprint NOT IN (SELECT fingerprint FROM files)",
                    (now,),
                )
            dropped = self._drop_features(now - kept)
            self._forget(now - REMEMBERED * kept)
            Journal(self.connection).forget_failed(now - kept)
            Vacated(self.connection).sweep(now=now)
            CaptionTable(self.connection).sweep()
        return dropped

    def _drop_features(self, before: float) -> int:
        long_gone = "fingerprint IN (SELECT fingerprint FROM absent WHERE since <= ?)"
        query = f"SELECT count(DISTINCT fingerprint) FROM features WHERE {long_gone}"
        (dropped,) = self.connection.execute(query, (before,)).fetchone()
        for table in _MADE_AGAIN:
            self.connection.execute(f"DELETE FROM {table} WHERE {long_gone}", (before,))
        return int(dropped)

    def _forget(self, before: float) -> None:
        unsettled = {entry.fingerprint for entry in Journal(self.connection).unfinished()}
        old = self.connection.execute("SELECT fingerprint FROM absent WHERE since <= ?", (before,)).fetchall()
        for (fingerprint,) in old:
            if fingerprint not in unsettled:
                Journal(self.connection).forget(fingerprint)
                for table in (*_SAID, "absent"):
                    self.connection.execute(f"DELETE FROM {table} WHERE fingerprint = ?", (fingerprint,))
