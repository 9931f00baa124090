"""The queues as tables in memory, kept up to date with the database.

In a library of tens of thousands it would cost too much to query for each video what waits, so it is worked out once.
Triggers of the connection report the fingerprint of each row that changes, and the next query works out only those.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

from sorterd.store.listening import RowChange, listen

MANY = 1000  # changed videos, above which it is quicker to work out everything

_LISTENED_TO = (
    *(RowChange("files", "AFTER UPDATE", f"{row}.fingerprint") for row in ("NEW", "OLD")),
    *(
        RowChange(table, f"AFTER {event}", f"{row}.fingerprint")
        for table in ("files", "features", "failures", "predictions", "captions")
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD"))
    ),
)

_TABLES = """
    -- `arrived` is 0 unless it is a new arrival; `label` is the category if the user filed or confirmed the video.
    CREATE TABLE waiting (
        fingerprint TEXT PRIMARY KEY, arrived REAL, label BLOB, mtime INTEGER, retry_at REAL, size INTEGER
    ) WITHOUT ROWID;
    CREATE INDEX by_arrival ON waiting (arrived, mtime);
    CREATE INDEX by_label ON waiting (label, mtime) WHERE label IS NOT NULL;
    CREATE INDEX by_age ON waiting (mtime) WHERE label IS NULL;
    CREATE TABLE unpredicted (fingerprint TEXT PRIMARY KEY, arrived REAL, mtime INTEGER) WITHOUT ROWID;
    CREATE INDEX unpredicted_by_arrival ON unpredicted (arrived, mtime);
    -- How many rows `waiting` has: to count them for each video would take ever longer in a large library.
    CREATE TABLE counted (waiting INTEGER);
    INSERT INTO counted VALUES (0);
    CREATE TRIGGER one_more AFTER INSERT ON waiting BEGIN UPDATE counted SET waiting = waiting + 1; END;
    CREATE TRIGGER one_less AFTER DELETE ON waiting BEGIN UPDATE counted SET waiting = waiting - 1; END;
    -- What the last call left out of the queue, and what it left.
    CREATE TABLE excluded (fingerprint TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE largest (bytes INTEGER);
    CREATE VIEW offered AS
    SELECT * FROM waiting WHERE fingerprint NOT IN excluded AND size <= (SELECT bytes FROM largest);
"""
_ANY_SIZE = 2**63 - 1

_LABEL = "CASE WHEN source IN ('user', 'confirmed') THEN category END"

_WAITING = f"""
    SELECT files.fingerprint, max(CASE WHEN fresh THEN labelled_at ELSE 0 END),
    CASE WHEN min({_LABEL}) = max({_LABEL}) THEN min({_LABEL}) END,  -- a video in two categories has no label
    max(mtime_ns), coalesce(retry_at, 0), max(size)
    FROM files LEFT JOIN features ON features.fingerprint = files.fingerprint AND features.space = :space
    LEFT JOIN failures ON failures.fingerprint = files.fingerprint
    WHERE features.fingerprint IS NULL AND NOT coalesce(failed, 0)
    AND files.fingerprint <> ''  -- '' until a file is read again after a repair of the database
"""

_UNPREDICTED = """
    SELECT files.fingerprint, max(CASE WHEN fresh THEN labelled_at ELSE 0 END), max(mtime_ns)
    FROM files LEFT JOIN features ON features.fingerprint = files.fingerprint AND features.space = :space
    LEFT JOIN captions ON captions.fingerprint = files.fingerprint
    LEFT JOIN texts ON texts.digest = captions.digest AND texts.tower IN (SELECT value FROM json_each(:towers))
    LEFT JOIN predictions ON predictions.fingerprint = files.fingerprint
    WHERE (features.fingerprint IS NOT NULL OR texts.digest IS NOT NULL)
    AND (source IS NULL OR source = 'auto') AND coalesce(predictor, '') <> :predictor
"""


class BacklogTables:
    """The tables `waiting` and `unpredicted` of one feature space, and `offered`, the part of `waiting` on offer.

    A connection keeps only its latest BacklogTables up to date.
    """

    def __init__(self, connection: sqlite3.Connection, space: str, towers: Sequence[str], *, many: int = MANY) -> None:
        self._store = connection
        self._parameters = {"space": space, "towers": json.dumps(towers)}
        self._many = many
        self._predictor: str | None = None
        self._changed: set[str] = set()
        self._offered: tuple[frozenset[str], int | None] | None = None
        self._memory = sqlite3.connect(":memory:", isolation_level=None)
        self._memory.executescript(_TABLES)
        self._fill("waiting", _WAITING)
        listen(connection, "content_changed", self._changed.add, _LISTENED_TO)

    def query(self, query: str, *values: object) -> sqlite3.Cursor:
        """Run a query over the tables as they are now."""
        self._catch_up()
        return self._memory.execute(query, values)

    def offer(self, without: Collection[str] = (), largest: int | None = None) -> None:
        """Leave these videos out of `offered` until the next call, and those of more than `largest` bytes."""
        if self._offered == (frozenset(without), largest):
            return
        self._offered = frozenset(without), largest
        self._memory.execute("DELETE FROM excluded")
        self._memory.executemany("INSERT INTO excluded VALUES (?)", ((content,) for content in self._offered[0]))
        self._memory.execute("DELETE FROM largest")
        self._memory.execute("INSERT INTO largest VALUES (?)", (_ANY_SIZE if largest is None else largest,))

    def predict_with(self, predictor: str) -> None:
        """Fill `unpredicted` with the videos that this predictor has not predicted."""
        if predictor != self._predictor:
            self._predictor = predictor
            self._fill("unpredicted", _UNPREDICTED)

    def _catch_up(self) -> None:
        """Work out again the videos of which a row has changed since the last call."""
        if not self._changed:
            return
        tables = {"waiting": _WAITING} | ({} if self._predictor is None else {"unpredicted": _UNPREDICTED})
        if len(self._changed) > self._many:
            self._changed.clear()
            for table, query in tables.items():
                self._fill(table, query)
        while self._changed:
            content = self._changed.pop()
            for table, query in tables.items():
                self._memory.execute(f"DELETE FROM {table} WHERE fingerprint = ?", (content,))
                self._take(table, f"{query} AND files.fingerprint = :content", content)

    def _fill(self, table: str, query: str) -> None:
        self._memory.execute("BEGIN")
        self._memory.execute(f"DELETE FROM {table}")
        self._take(table, query)
        self._memory.execute("COMMIT")

    def _take(self, table: str, query: str, content: str = "") -> None:
        values = {**self._parameters, "predictor": self._predictor, "content": content}
        rows = self._store.execute(f"{query} GROUP BY files.fingerprint", values)
        marks = ", ".join("?" * len(rows.description))
        self._memory.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
