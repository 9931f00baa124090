"""The queues: videos to extract, in their order, and videos that the present predictor has not predicted as they are.

Nothing of this is stored, because the videos without features are the queue (`backlog_tables`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from sorterd.store.backlog_tables import MANY, BacklogTables
from sorterd.store.database import from_blob

FRESH_SECONDS = 600.0  # a new arrival is extracted first for so long; after that nobody is waiting for it any more


@dataclass(frozen=True, slots=True)
class QueuedVideo:
    """One video in the queue, at one of its paths. `fresh`: it arrived less than FRESH_SECONDS ago."""

    fingerprint: str
    path: str
    fresh: bool
    labelled: bool


# SELECT DISTINCT would read all rows; this looks into the index once for each label.
_LABELS = """
    WITH RECURSIVE labels (label) AS (
        SELECT min(label) FROM waiting WHERE label IS NOT NULL
        UNION ALL SELECT (SELECT min(label) FROM waiting WHERE label > labels.label) FROM labels WHERE label IS NOT NULL
    ) SELECT label FROM labels WHERE label IS NOT NULL
"""


class Backlog:
    """The queues of one feature space. A video that is not extracted may be predicted from a text of one of `towers`.

    A connection keeps only its latest Backlog up to date.
    """

    def __init__(
        self, connection: sqlite3.Connection, space: str, towers: Sequence[str] = (), *, many: int = MANY
    ) -> None:
        self.space = space
        self.towers = tuple(towers)
        self._store = connection
        self._tables = BacklogTables(connection, space, self.towers, many=many)

    # --- to be extracted ---

    def next(
        self,
        *,
        now: float,
        limit: int,
        wanted: Collection[str] = (),
        first: Collection[str] = (),
        in_turn: bool = False,
        arrived_after: float | None = None,
        without: Collection[str] = (),
        largest: int | None = None,
    ) -> list[QueuedVideo]:
        """Return the next videos to extract.

        First come the videos in `first` that are waiting and due. Then come new arrivals, latest first, then labelled
        videos, from each category in turn, because the model needs them, then the rest. Within each group the newest
        file comes first.

        `wanted` are categories with too few extracted videos. Nothing can be decided until they have more, so their
        videos take turns with the new arrivals. With `arrived_after`, all others wait: only videos that have arrived
        since then and those of the `wanted` categories are returned. `in_turn`: labelled videos, of these categories if
        any are named, take turns with all others. Those in `without` and those larger than `largest` bytes are skipped.
        """
        self._tables.offer(without, largest)
        if in_turn:
            mixed = _in_turn(self._labelled(now, limit, wanted or None), self._newest(now, limit))
            return self._queued(chain(self._due(first, now), mixed), limit)
        fresh = self._fresh(now, limit, now - FRESH_SECONDS if arrived_after is None else arrived_after)
        missed = self._labelled(now, limit, wanted) if wanted else []
        due = self._due(first, now)
        if arrived_after is not None:
            due = [content for content in due if self._cannot_wait(content, arrived_after, wanted)]
        order = dict.fromkeys(chain(due, _in_turn(fresh, missed)))
        if len(order) < limit and arrived_after is None:
            order |= dict.fromkeys(self._labelled(now, limit))
        if len(order) < limit and arrived_after is None:
            order |= dict.fromkeys(self._newest(now, limit + len(fresh)))
        return self._queued(order, limit, fresh)

    def _queued(self, order: Iterable[str], limit: int, fresh: Collection[str] = ()) -> list[QueuedVideo]:
        contents = list(dict.fromkeys(order))[:limit]
        labelled = self._labels(contents)
        return [QueuedVideo(one, self._path(one), one in fresh, one in labelled) for one in contents]

    def any_due(
        self,
        now: float,
        *,
        wanted: Collection[str] = (),
        arrived_after: float | None = None,
        without: Collection[str] = (),
    ) -> bool:
        """Return whether there is a video to extract now, of all or of those that `next` returns."""
        if arrived_after is not None:
            return bool(self.next(now=now, limit=1, wanted=wanted, arrived_after=arrived_after, without=without))
        self._tables.offer(without)
        query = "SELECT 1 FROM offered WHERE retry_at <= ? LIMIT 1"
        return self._tables.query(query, now).fetchone() is not None

    def any_of(self, contents: Collection[str], now: float) -> bool:
        """Return whether one of these videos waits and is due."""
        if not contents:
            return False
        self._tables.offer()
        return bool(self._due(contents, now))

    def pending(self) -> int:
        """Return how many videos wait for extraction, including those that wait for another try."""
        return int(self._tables.query("SELECT waiting FROM counted").fetchone()[0])

    def left_out(self, *, wanted: Collection[str], arrived_after: float) -> int:
        """Return how many videos wait for extraction that `next` never returns with these arguments."""
        query = "SELECT label, count(*) FROM waiting WHERE arrived <= ? GROUP BY label"
        counts = self._tables.query(query, max(0.0, arrived_after))
        return sum(count for label, count in counts if label is None or from_blob(label) not in wanted)

    def _due(self, contents: Iterable[str], now: float) -> list[str]:
        """Return those of the contents that are waiting and due."""
        query = "SELECT 1 FROM offered WHERE fingerprint = ? AND retry_at <= ?"
        return [content for content in sorted(contents) if self._tables.query(query, content, now).fetchone()]

    def _cannot_wait(self, content: str, arrived_after: float, wanted: Collection[str]) -> bool:
        query = "SELECT arrived, label FROM waiting WHERE fingerprint = ?"
        arrived, label = self._tables.query(query, content).fetchone()
        return arrived > max(0.0, arrived_after) or (label is not None and from_blob(label) in wanted)

    def _fresh(self, now: float, limit: int, since: float) -> list[str]:
        return self._contents(
            "SELECT fingerprint FROM offered WHERE arrived > ? AND retry_at <= ? "
            "ORDER BY arrived DESC, mtime DESC LIMIT ?",
            *(max(0.0, since), now, limit),
        )

    def _labelled(self, now: float, limit: int, categories: Collection[str] | None = None) -> list[str]:
        """Return labelled videos from each of these categories (default: all) in turn, the newest of each first."""
        found = self._tables.query(_LABELS)
        labels = [label for (label,) in found if categories is None or from_blob(label) in categories]
        newest = [
            self._tables.query(
                "SELECT mtime, fingerprint FROM offered WHERE label = ? AND retry_at <= ? ORDER BY mtime DESC LIMIT ?",
                *(label, now, -(-limit // len(labels))),
            ).fetchall()
            for label in labels
        ]
        rounds = (sorted(filter(None, one), reverse=True) for one in zip_longest(*newest))
        return [content for one in rounds for _, content in one][:limit]

    def _newest(self, now: float, limit: int) -> list[str]:
        """Return videos without a label, newest first."""
        query = "SELECT fingerprint FROM offered WHERE label IS NULL AND retry_at <= ? ORDER BY mtime DESC LIMIT ?"
        return self._contents(query, now, limit)

    def _labels(self, contents: Iterable[str]) -> set[str]:
        query = "SELECT 1 FROM waiting WHERE fingerprint = ? AND label IS NOT NULL"
        return {content for content in contents if self._tables.query(query, content).fetchone()}

    # --- to be predicted ---

    def any_unpredicted(self, predictor: str, *, arrived_after: float = -1.0) -> bool:
        """Return whether `unpredicted` would return any video, of all or of those that arrived since then."""
        self._tables.predict_with(predictor)
        query = "SELECT 1 FROM unpredicted WHERE arrived > ? LIMIT 1"
        return self._tables.query(query, arrived_after).fetchone() is not None

    def unpredicted(self, predictor: str, limit: int) -> list[tuple[str, str]]:
        """Return videos of which there is a vector, not filed by the user, without a prediction by this predictor.

        Each is (fingerprint, path), new arrivals first. Videos that we moved are included: they count in the share of
        videos that belong to no category.
        """
        self._tables.predict_with(predictor)
        query = "SELECT fingerprint FROM unpredicted ORDER BY arrived DESC, mtime DESC LIMIT ?"
        return [(content, self._path(content)) for content in self._contents(query, limit)]

    def _contents(self, query: str, *values: float) -> list[str]:
        return [content for (content,) in self._tables.query(query, *values)]

    def _path(self, content: str) -> str:
        query = "SELECT min(path) FROM files WHERE fingerprint = ?"
        return from_blob(self._store.execute(query, (content,)).fetchone()[0])


def _in_turn(some: Iterable[str], others: Iterable[str]) -> Iterable[str]:
    return (one for pair in zip_longest(some, others) for one in pair if one is not None)
