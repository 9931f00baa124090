"""Extracted features, and what could not be extracted or read."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sorterd.library.files import FileId
from sorterd.store.database import from_blob, to_blob
from sorterd.store.file_id import from_id, to_id
from sorterd.store.validation import features_sum
from sorterd.text import printable


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one video. `vector` is float32, little-endian. `seconds` is its length, None if not known."""

    fingerprint: str
    vector: bytes
    transcript: str
    language: str
    audio: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file could not be read or extracted, how often it was tried, and when the next try is due.

    `failed`: it was given up.
    """

    path: str
    reason: str
    attempts: int
    retry_at: float
    failed: bool


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """The tables `features`, `failures` and `unreadable`."""

    connection: sqlite3.Connection

    def add(self, features: Features, space: str, *, now: float) -> None:
        """Store the features of a video in `space`. Drop its recorded failure, and its prediction by words alone."""
        row = (features.fingerprint, space, features.vector, features.transcript, features.language, features.audio)
        values = (*row, now, features_sum(*row), features.seconds)
        self.connection.execute("INSERT OR REPLACE INTO features VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        for table in ("failures", "predictions"):
            self.connection.execute(f"DELETE FROM {table} WHERE fingerprint = ?", (features.fingerprint,))

    def get(self, fingerprint: str, space: str) -> Features | None:
        """Return the features of one video."""
        columns = "fingerprint, vector, transcript, language, audio, seconds"
        query = f"SELECT {columns} FROM features WHERE fingerprint = ? AND space = ?"
        row = self.connection.execute(query, (fingerprint, space)).fetchone()
        return None if row is None else Features(*row)

    def has(self, fingerprint: str, space: str) -> bool:
        """Return whether a video has features."""
        query = "SELECT 1 FROM features WHERE fingerprint = ? AND space = ?"
        return self.connection.execute(query, (fingerprint, space)).fetchone() is not None

    def spoken(self, space: str) -> list[tuple[str, str]]:
        """Return each video with speech and its transcript."""
        query = "SELECT fingerprint, transcript FROM features WHERE space = ? AND audio = 'speech'"
        return self.connection.execute(query, (space,)).fetchall()

    def lengths(self, space: str) -> dict[str, float]:
        """Return the length of each video of which it is known, in seconds."""
        query = "SELECT fingerprint, seconds FROM features WHERE space = ? AND seconds IS NOT NULL"
        return dict(self.connection.execute(query, (space,)))

    def drop(self, fingerprint: str, space: str) -> None:
        """Forget the features of a video, which then waits for extraction."""
        self.connection.execute("DELETE FROM features WHERE fingerprint = ? AND space = ?", (fingerprint, space))

    def languages(self, space: str, most: int) -> dict[str, int]:
        """Return how many of at most `most` videos have speech in each language, by Whisper's code."""
        rows = self.connection.execute(
            "SELECT language, count(*) FROM (SELECT language FROM features WHERE space = ? AND audio = 'speech' "
            "LIMIT ?) GROUP BY language",
            (space, most),
        )
        return dict(rows)

    def any_of(self, models: str) -> bool:
        """Return whether features were ever made with these models ("clip" or "embedded")."""
        begins = f"{models}-"
        query = "SELECT 1 FROM features WHERE substr(space, 1, ?) = ? LIMIT 1"
        return self.connection.execute(query, (len(begins), begins)).fetchone() is not None

    def extracted(self, space: str) -> set[str]:
        """Return the fingerprints of the videos that have features."""
        return {row[0] for row in self.connection.execute("SELECT fingerprint FROM features WHERE space = ?", (space,))}

    def pending(self, space: str) -> int:
        """Return how many videos wait for extraction, including those that wait for another try."""
        query = (
            "SELECT count(DISTINCT files.fingerprint) FROM files LEFT JOIN failures USING (fingerprint) "
            "WHERE NOT coalesce(failed, 0) AND fingerprint NOT IN (SELECT fingerprint FROM features WHERE space = ?) "
            "AND fingerprint <> ''"  # '' until a file is read again after a repair of the database
        )
        return int(self.connection.execute(query, (space,)).fetchone()[0])

    def transcripts(self, space: str) -> list[tuple[str, str, str, str]]:
        """Return the transcript of each extracted video on disk as (path, transcript, language, audio)."""
        rows = self.connection.execute(
            "SELECT min(path), transcript, language, audio FROM files JOIN features USING (fingerprint) "
            "WHERE space = ? GROUP BY fingerprint",
            (space,),
        )
        return [(from_blob(path), transcript, language, audio) for path, transcript, language, audio in rows]

    def next_retry(self) -> float | None:
        """Return when the earliest retry is due, None if there is none."""
        row = self.connection.execute(
            "SELECT min(retry_at) FROM (SELECT retry_at FROM failures WHERE NOT failed AND fingerprint IN "
            "(SELECT fingerprint FROM files) UNION ALL SELECT retry_at FROM unreadable)"
        ).fetchone()
        return None if row[0] is None else float(row[0])

    def attempts(self, fingerprint: str) -> int:
        """Return how often extraction of this video has failed."""
        row = self.connection.execute("SELECT attempts FROM failures WHERE fingerprint = ?", (fingerprint,)).fetchone()
        return 0 if row is None else int(row[0])

    def hopeless(self) -> set[str]:
        """Return the videos whose extraction has failed, for now or for good."""
        return {row[0] for row in self.connection.execute("SELECT fingerprint FROM failures")}

    def fail(self, fingerprint: str, reason: str, *, attempts: int, retry_at: float, failed: bool) -> None:
        """Record that extraction failed, and when to try again. With `failed` it is given up."""
        self.connection.execute(
            "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?)",
            (fingerprint, printable(reason), attempts, retry_at, int(failed)),
        )

    def retry(self, path: str | None = None) -> int:
        """Let the failed video at `path`, or all of them, be tried again. Return how many there are."""
        if path is None:
            count = self.connection.execute("DELETE FROM failures").rowcount
            return count + self.connection.execute("DELETE FROM unreadable").rowcount
        count = self.connection.execute(
            "DELETE FROM failures WHERE fingerprint = (SELECT fingerprint FROM files WHERE path = ?)", (to_blob(path),)
        ).rowcount
        return count + self.connection.execute("DELETE FROM unreadable WHERE path = ?", (to_blob(path),)).rowcount

    def waiting_paths(self) -> list[str]:
        """Return the paths of files that could not be read or extracted and wait for their next try."""
        rows = self.connection.execute(
            "SELECT path FROM failures JOIN files USING (fingerprint) WHERE NOT failed "
            "UNION SELECT path FROM unreadable"
        )
        return [from_blob(path) for (path,) in rows]

    def end_waits(self) -> None:
        """Make all waiting retries due now. Videos that were given up stay so."""
        self.connection.execute("UPDATE failures SET retry_at = 0 WHERE NOT failed")
        self.connection.execute("UPDATE unreadable SET retry_at = 0")

    def failures(self) -> list[Failure]:
        """Return every file that could not be read or extracted, ordered by path."""
        rows = self.connection.execute(
            "SELECT min(path), reason, attempts, retry_at, failed FROM failures JOIN files USING (fingerprint) "
            "GROUP BY fingerprint UNION ALL SELECT path, reason, attempts, retry_at, 1 FROM unreadable ORDER BY 1"
        )
        return [Failure(from_blob(path), why, tries, at, bool(failed)) for path, why, tries, at, failed in rows]

    def failure(self, path: str) -> Failure | None:
        """Return why the file at `path` could not be read or extracted, None if nothing failed."""
        row = self.connection.execute(
            "SELECT reason, attempts, retry_at, failed FROM failures JOIN files USING (fingerprint) WHERE path = :path "
            "UNION ALL SELECT reason, attempts, retry_at, 0 FROM unreadable WHERE path = :path",
            {"path": to_blob(path)},
        ).fetchone()
        return None if row is None else Failure(path, row[0], row[1], row[2], bool(row[3]))

    def unreadable(self, path: str | None = None) -> dict[str, tuple[FileId, int, float]]:
        """Return the files that could not be read: {path: (the file as it was then, attempts, time of next try)}.

        With a `path`, return only that one, if it is among them.
        """
        query = "SELECT path, device, inode, size, mtime_ns, attempts, retry_at FROM unreadable"
        which, values = ("", ()) if path is None else (" WHERE path = ?", (to_blob(path),))
        rows = self.connection.execute(query + which, values)
        return {from_blob(path): (to_id(*id), attempts, retry_at) for path, *id, attempts, retry_at in rows}

    def set_unreadable(self, path: str, id: FileId, reason: str, *, attempts: int, retry_at: float) -> None:
        """Record that the file that lies at `path` now could not be read."""
        self.connection.execute(
            "INSERT OR REPLACE INTO unreadable VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (to_blob(path), *from_id(id), printable(reason), attempts, retry_at),
        )

    def clear_unreadable(self, path: str) -> None:
        """Forget that the file at `path` could not be read: it was read since, or is gone."""
        self.connection.execute("DELETE FROM unreadable WHERE path = ?", (to_blob(path),))
