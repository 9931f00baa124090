"""What waits: videos to be extracted, in their order, and extracted ones in the inbox that a model has not judged.

A video without features *is* the queue, so nothing of this is stored. But to count the queue anew for each video costs
more than the video, in a library of tens of thousands. So it is worked out once, in memory, and then kept in step:
triggers of the connection name each content of which a row has changed, whoever changed it, and only those are worked
out again when somebody next asks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain, zip_longest

from sorterd.store.database import from_blob

FRESH_SECONDS = 600.0  # after so long nobody sits and waits: what then still queues is a heap like any other
MANY = 1000  # changed contents; from there on it is quicker to work out all

_LISTENED_TO = (
    *(("files", event, row) for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("UPDATE", "OLD"))),
    *((table, "INSERT", "NEW") for table in ("features", "failures", "predictions")),
    *((table, "DELETE", "OLD") for table in ("files", "features", "failures", "predictions")),
)

_TABLES = """
    -- `arrived` is 0 where nobody waits, `label` the category of a video that can teach.
    CREATE TABLE waiting (fingerprint TEXT PRIMARY KEY, arrived REAL, label BLOB, mtime INTEGER, retry_at REAL)
    WITHOUT ROWID;
    CREATE INDEX by_arrival ON waiting (arrived, mtime);
    CREATE INDEX by_label ON waiting (label, mtime) WHERE label IS NOT NULL;
    CREATE INDEX by_age ON waiting (mtime) WHERE label IS NULL;
    CREATE TABLE unpredicted (fingerprint TEXT PRIMARY KEY, arrived REAL, mtime INTEGER) WITHOUT ROWID;
    CREATE INDEX unpredicted_by_arrival ON unpredicted (arrived, mtime);
"""

_LABEL = "CASE WHEN source IN ('user', 'confirmed') THEN category END"

_WAITING = f"""
    SELECT files.fingerprint, max(CASE WHEN fresh THEN labelled_at ELSE 0 END),
    CASE WHEN min({_LABEL}) = max({_LABEL}) THEN min({_LABEL}) END,  -- in two categories it teaches neither
    max(mtime_ns), coalesce(retry_at, 0)
    FROM files LEFT JOIN features ON features.fingerprint = files.fingerprint AND features.space = :space
    LEFT JOIN failures ON failures.fingerprint = files.fingerprint
    WHERE features.fingerprint IS NULL AND NOT coalesce(failed, 0)
    AND files.fingerprint <> ''  -- saved from damage, and not read again yet
"""

_UNPREDICTED = """
    SELECT files.fingerprint, max(CASE WHEN fresh THEN labelled_at ELSE 0 END), max(mtime_ns)
    FROM files JOIN features ON features.fingerprint = files.fingerprint AND features.space = :space
    LEFT JOIN predictions ON predictions.fingerprint = files.fingerprint
    WHERE (source IS NULL OR source = 'auto') AND coalesce(predictor, '') <> :predictor
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One video in the queue, at one of its paths. `fresh`: it came a short while ago, and somebody waits for it."""

    fingerprint: str
    path: str
    fresh: bool
    labelled: bool


class Backlog:
    """What waits, for one feature space. A connection keeps one of these in step: the latest."""

    def __init__(self, connection: sqlite3.Connection, space: str, *, many: int = MANY) -> None:
        self.space = space
        self._many = many
        self._store = connection
        self._predictor: str | None = None
        self._changed: set[str] = set()
        self._memory = sqlite3.connect(":memory:", isolation_level=None)
        self._memory.executescript(_TABLES)
        self._fill("waiting", _WAITING)
        connection.create_function("content_changed", 1, self._changed.add)
        connection.execute("PRAGMA recursive_triggers = ON")  # or a row that is replaced would go unnoticed
        for table, event, row in _LISTENED_TO:
            connection.execute(
                f"CREATE TEMP TRIGGER IF NOT EXISTS {table}_{event}_{row} AFTER {event} ON main.{table} "
                f"BEGIN SELECT content_changed({row}.fingerprint); END"
            )

    # --- to be extracted ---

    def next(
        self, *, now: float, limit: int, wanted: Collection[str] = (), first: Collection[str] = ()
    ) -> list[Waiting]:
        """The next videos to extract: new arrivals, the latest first; then labelled ones, which make the model, from
        each category in turn; then the rest; among equals the newest first.

        `wanted` are categories that a model knows too little of, so that nothing can be decided before more of them are
        extracted: they take turns with the arrivals, which would otherwise be extracted in vain. The videos that are to
        come `first`, if they wait and are due, come before all others.
        """
        self._catch_up()
        fresh = self._fresh(now, limit)
        missed = self._labelled(now, limit, wanted) if wanted else []
        order = dict.fromkeys(chain(self._due(first, now), _in_turn(fresh, missed)))
        if len(order) < limit:
            order |= dict.fromkeys(self._labelled(now, limit))
        if len(order) < limit:
            order |= dict.fromkeys(self._newest(now, limit + len(fresh)))
        contents = list(order)[:limit]
        labelled = self._labels(contents)
        return [Waiting(one, self._path(one), one in fresh, one in labelled) for one in contents]

    def any_due(self, now: float) -> bool:
        """Whether there is a video to extract now."""
        self._catch_up()
        query = "SELECT 1 FROM waiting WHERE retry_at <= ? LIMIT 1"
        return self._memory.execute(query, (now,)).fetchone() is not None

    def pending(self) -> int:
        """How many videos wait, those that wait for another try counted in."""
        self._catch_up()
        return int(self._memory.execute("SELECT count(*) FROM waiting").fetchone()[0])

    def _due(self, contents: Iterable[str], now: float) -> list[str]:
        """Those of the contents that wait and are due."""
        query = "SELECT 1 FROM waiting WHERE fingerprint = ? AND retry_at <= ?"
        return [content for content in sorted(contents) if self._memory.execute(query, (content, now)).fetchone()]

    def _fresh(self, now: float, limit: int) -> list[str]:
        return self._contents(
            "SELECT fingerprint FROM waiting WHERE arrived > ? AND retry_at <= ? "
            "ORDER BY arrived DESC, mtime DESC LIMIT ?",
            *(max(0.0, now - FRESH_SECONDS), now, limit),
        )

    def _labelled(self, now: float, limit: int, categories: Collection[str] | None = None) -> list[str]:
        """From each of these categories in turn, or from all; the newest of each first."""
        found = self._memory.execute("SELECT DISTINCT label FROM waiting WHERE label IS NOT NULL")
        labels = [label for (label,) in found if categories is None or from_blob(label) in categories]
        newest = [
            self._memory.execute(
                "SELECT mtime, fingerprint FROM waiting WHERE label = ? AND retry_at <= ? ORDER BY mtime DESC LIMIT ?",
                (label, now, -(-limit // len(labels))),
            ).fetchall()
            for label in labels
        ]
        rounds = (sorted(filter(None, one), reverse=True) for one in zip_longest(*newest))
        return [content for one in rounds for _, content in one][:limit]

    def _newest(self, now: float, limit: int) -> list[str]:
        """Of those without a label."""
        query = "SELECT fingerprint FROM waiting WHERE label IS NULL AND retry_at <= ? ORDER BY mtime DESC LIMIT ?"
        return self._contents(query, now, limit)

    def _labels(self, contents: Iterable[str]) -> set[str]:
        query = "SELECT 1 FROM waiting WHERE fingerprint = ? AND label IS NOT NULL"
        return {content for content in contents if self._memory.execute(query, (content,)).fetchone()}

    # --- to be judged ---

    def any_unpredicted(self, predictor: str) -> bool:
        """Whether there is an extracted video, not filed by the user, that this judge has not seen."""
        self._turn_to(predictor)
        return self._memory.execute("SELECT 1 FROM unpredicted LIMIT 1").fetchone() is not None

    def unpredicted(self, predictor: str, limit: int) -> list[tuple[str, str, bytes]]:
        """Extracted videos, not filed by the user, that this judge has not seen: (fingerprint, path, vector).

        Newcomers first. Those that we moved count for the share of videos that belong nowhere.
        """
        self._turn_to(predictor)
        query = "SELECT fingerprint FROM unpredicted ORDER BY arrived DESC, mtime DESC LIMIT ?"
        vector = "SELECT vector FROM features WHERE fingerprint = ? AND space = ?"
        return [
            (content, self._path(content), self._store.execute(vector, (content, self.space)).fetchone()[0])
            for content in self._contents(query, limit)
        ]

    def _turn_to(self, predictor: str) -> None:
        self._catch_up()
        if predictor != self._predictor:
            self._predictor = predictor
            self._fill("unpredicted", _UNPREDICTED)

    # --- keeping in step ---

    def _catch_up(self) -> None:
        """Work out anew what has changed since the last time."""
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
        values = {"space": self.space, "predictor": self._predictor, "content": content}
        rows = self._store.execute(f"{query} GROUP BY files.fingerprint", values)
        marks = ", ".join("?" * len(rows.description))
        self._memory.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def _contents(self, query: str, *values: float) -> list[str]:
        return [content for (content,) in self._memory.execute(query, values)]

    def _path(self, content: str) -> str:
        query = "SELECT min(path) FROM files WHERE fingerprint = ?"
        return from_blob(self._store.execute(query, (content,)).fetchone()[0])


def _in_turn(some: Iterable[str], others: Iterable[str]) -> Iterable[str]:
    return (one for pair in zip_longest(some, others) for one in pair if one is not None)
