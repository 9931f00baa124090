"""The journal of our own moves: written before a file moves, read by undo and after a crash."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sorterd.library.files import FileId
from sorterd.store.database import from_blob, from_json, to_blob
from sorterd.store.file_id import from_id, to_id
from sorterd.store.former import Former, from_text, to_text
from sorterd.store.notes import Notes
from sorterd.store.settings import FORGOTTEN_MOVES
from sorterd.text import printable

Kind = Literal["sort", "file", "undo", "follow"]
Step = Literal["planned", "copied", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One of our moves.

    `kind` is "sort" for a video that we moved, "file" for one that the user filed by command, "follow" for a sidecar
    that follows its video, and "undo" for a move back. `fingerprint` is the video's, `sidecars` are (from, to) pairs,
    `id` identifies the file that was to be moved. `corrected`: the user has put the video elsewhere since. `former` is
    what was known of a video before the user filed it.
    """

    number: int
    kind: Kind
    undoes: int | None
    fingerprint: str
    source: str
    destination: str
    sidecars: tuple[tuple[str, str], ...]
    id: FileId
    step: Step
    confidence: float | None
    reason: str
    at: float
    undone: bool
    corrected: bool
    former: Former | None = None


_COLUMNS = (
    "id, kind, undoes, fingerprint, source, destination, sidecars, device, inode, size, mtime_ns, step, confidence, "
    "reason, at, undone, corrected, former"
)


@dataclass(frozen=True, slots=True)
class Journal:
    """The table `moves`."""

    connection: sqlite3.Connection

    def plan(
        self,
        *,
        kind: Kind,
        fingerprint: str,
        source: str,
        destination: str,
        sidecars: tuple[tuple[str, str], ...],
        id: FileId,
        reason: str,
        now: float,
        confidence: float | None = None,
        undoes: int | None = None,
    ) -> int:
        """Record a move that is about to happen. Return its number."""
        row = self.connection.execute(
            "INSERT INTO moves (kind, undoes, fingerprint, source, destination, sidecars, device, inode, size, "
            "mtime_ns, step, confidence, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?, ?, ?)",
            (
                *(kind, undoes, fingerprint, to_blob(source), to_blob(destination), json.dumps(sidecars)),
                *(*from_id(id), confidence, printable(reason), now),
            ),
        )
        assert row.lastrowid is not None
        return row.lastrowid

    def step(self, number: int, step: Step, reason: str | None = None) -> None:
        """Record how far a move has come, and why if `reason` is given."""
        self.connection.execute(
            "UPDATE moves SET step = ?, reason = coalesce(?, reason) WHERE id = ?",
            (step, None if reason is None else printable(reason), number),
        )

    def set_former(self, number: int, former: Former) -> None:
        """Record what was known of a video before the user filed it by this move."""
        self.connection.execute("UPDATE moves SET former = ? WHERE id = ?", (to_text(former), number))

    def set_undone(self, number: int) -> None:
        """Record that this move was taken back."""
        self.connection.execute("UPDATE moves SET undone = 1 WHERE id = ?", (number,))

    def get(self, number: int) -> Entry | None:
        """Return one entry, None if there is none of that number."""
        return next(iter(self._select("WHERE id = ?", (number,))), None)

    def unfinished(self) -> list[Entry]:
        """Return the moves that a crash cut short, oldest first."""
        return self._select("WHERE step IN ('planned', 'copied') ORDER BY id")

    def latest(self, count: int, *, since: float = 0.0) -> list[Entry]:
        """Return the last moves that can be undone and that the user has not confirmed, newest first.

        Moves that the user asked for are among them. A sidecar that followed one of these moves is not listed, because
        it goes back with its video. A sidecar that followed a drag of the user is.
        """
        where = (
            "WHERE step = 'done' AND NOT undone AND NOT corrected AND at >= ? AND (kind = 'file' "
            "OR kind = 'sort' AND NOT EXISTS "
            "(SELECT 1 FROM files WHERE files.fingerprint = moves.fingerprint AND files.source = 'confirmed') "
            "OR kind = 'follow' AND NOT EXISTS (SELECT 1 FROM moves AS first WHERE first.kind IN ('sort', 'file') "
            "AND first.step = 'done' AND NOT first.undone AND NOT first.corrected "
            "AND first.fingerprint = moves.fingerprint AND first.id < moves.id))"
        )
        return self._select(f"{where} ORDER BY id DESC LIMIT ?", (since, count))

    def made(self, count: int, *, kinds: Sequence[Kind], since: float = 0.0, folder: str | None = None) -> list[Entry]:
        """Return the last moves of these kinds that were carried out since a time, newest first. With `folder`, return
        only those into it or out of it. A negative `count` stands for all."""
        wanted = ", ".join(f"'{kind}'" for kind in kinds)
        begins = to_blob("" if folder is None else f"{folder}/")
        return self._select(
            f"WHERE step = 'done' AND kind IN ({wanted}) AND at >= ?1 "
            "AND ?3 IN (substr(source, 1, ?2), substr(destination, 1, ?2)) ORDER BY id DESC LIMIT ?4",
            (since, len(begins), begins, count),
        )

    def recent(self, count: int, *, after: int = 0) -> list[Entry]:
        """Return the last completed moves into folders with a number above `after`, newest first. -1 stands for all."""
        return self._select("WHERE kind = 'sort' AND step = 'done' AND id > ? ORDER BY id DESC LIMIT ?", (after, count))

    def of(self, fingerprint: str) -> list[Entry]:
        """Return every move of one video, newest first."""
        return self._select("WHERE fingerprint = ? ORDER BY id DESC", (fingerprint,))

    def followers(self, fingerprint: str, after: int) -> list[Entry]:
        """Return the moves, not undone, of sidecars that followed a video after move number `after`, newest first."""
        where = "WHERE kind = 'follow' AND fingerprint = ? AND id > ? AND step = 'done' AND NOT undone ORDER BY id DESC"
        return self._select(where, (fingerprint, after))

    def was_taken_back(self, source: str, fingerprint: str) -> bool:
        """Return whether the user took back a sidecar that had followed this video from this path."""
        row = self.connection.execute(
            "SELECT 1 FROM moves WHERE kind = 'follow' AND fingerprint = ? AND source = ? AND undone",
            (fingerprint, to_blob(source)),
        ).fetchone()
        return row is not None

    def counts(self) -> dict[str, int]:
        """Return how many moves were ever made ("total"), undone by command, and corrected by hand."""
        forgotten = Notes(self.connection).get(FORGOTTEN_MOVES) or {}
        return {name: count + forgotten.get(name, 0) for name, count in self._count().items()}

    def forget(self, fingerprint: str) -> None:
        """Drop the entries of one video. They can no longer be undone, but `counts` still counts them."""
        of_it = self._count("AND fingerprint = ?", (fingerprint,))
        if any(of_it.values()):
            forgotten = Notes(self.connection).get(FORGOTTEN_MOVES) or {}
            Notes(self.connection).put(FORGOTTEN_MOVES, {name: n + forgotten.get(name, 0) for name, n in of_it.items()})
        self.connection.execute("DELETE FROM moves WHERE fingerprint = ?", (fingerprint,))

    def forget_failed(self, before: float) -> None:
        """Drop the entries of failed moves from before a time. A full disk adds one with every try."""
        self.connection.execute("DELETE FROM moves WHERE step = 'failed' AND at < ?", (before,))

    def _count(self, where: str = "", values: tuple[object, ...] = ()) -> dict[str, int]:
        row = self.connection.execute(
            "SELECT count(*), coalesce(sum(undone), 0), coalesce(sum(corrected), 0) FROM moves "
            f"WHERE kind = 'sort' AND step = 'done' {where}",
            values,
        ).fetchone()
        return dict(zip(("total", "undone", "corrected"), row, strict=True))

    def _select(self, where: str, values: tuple[object, ...] = ()) -> list[Entry]:
        return [_entry(row) for row in self.connection.execute(f"SELECT {_COLUMNS} FROM moves {where}", values)]


def _entry(row: tuple[object, ...]) -> Entry:
    number, kind, undoes, content, source, destination, sidecars, device, inode, size, mtime_ns, *rest = row
    step, confidence, reason, at, undone, corrected, former = rest
    return Entry(
        *(number, kind, undoes, content, from_blob(source), from_blob(destination)),  # type: ignore[arg-type]
        tuple((a, b) for a, b in from_json(sidecars)),  # type: ignore[arg-type]
        to_id(device, inode, size, mtime_ns),  # type: ignore[arg-type]
        *(step, confidence, reason, at, bool(undone), bool(corrected)),  # type: ignore[arg-type]
        former=None if former is None else from_text(former),  # type: ignore[arg-type]
    )
