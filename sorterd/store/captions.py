"""What videos say about themselves: where that may be read, what was read, and its vectors.

All of this can be read again, so none of it is in the journal.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sorterd.store.database import to_blob, transaction


@dataclass(frozen=True, slots=True)
class StoredCaption:
    """The caption of one video. `seen` is the source that it was read from. `text` is "" if there is no caption."""

    fingerprint: str
    seen: str
    text: str
    author: str
    digest: str


@dataclass(frozen=True, slots=True)
class CaptionTable:
    """The tables `caption_sources`, `captions` and `texts`."""

    connection: sqlite3.Connection

    def note_sources(self, seen: Mapping[str, str], gone: Iterable[str] = ()) -> None:
        """Record by path where a scan saw that the caption may stand, and forget the paths that are gone."""
        rows = [(to_blob(path), text) for path, text in seen.items()]
        paths = [(to_blob(path),) for path in gone]
        if rows or paths:
            with transaction(self.connection):
                self.connection.executemany("INSERT OR REPLACE INTO caption_sources VALUES (?, ?)", rows)
                self.connection.executemany("DELETE FROM caption_sources WHERE path = ?", paths)

    def sources(self) -> dict[bytes, str]:
        """Return what `note_sources` has recorded, by path."""
        return dict(self.connection.execute("SELECT path, seen FROM caption_sources"))

    def put(self, caption: StoredCaption, vectors: Mapping[str, bytes]) -> None:
        """Record what was read, with the vector of its text by tower (float32, little-endian).

        Another text makes the prediction of the video stale, so that is dropped.
        """
        with transaction(self.connection):
            before = self.get(caption.fingerprint)
            for tower, vector in vectors.items():
                self.connection.execute(
                    "INSERT OR REPLACE INTO texts VALUES (?, ?, ?)", (caption.digest, tower, vector)
                )
            values = (caption.fingerprint, caption.seen, caption.text, caption.author, caption.digest)
            self.connection.execute("INSERT OR REPLACE INTO captions VALUES (?, ?, ?, ?, ?)", values)
            if caption.digest != (before.digest if before else ""):
                self.connection.execute("DELETE FROM predictions WHERE fingerprint = ?", (caption.fingerprint,))

    def get(self, fingerprint: str) -> StoredCaption | None:
        """Return what was read of one video, None if nothing was read yet."""
        row = self.connection.execute("SELECT * FROM captions WHERE fingerprint = ?", (fingerprint,)).fetchone()
        return None if row is None else StoredCaption(*row)

    def digests(self) -> dict[str, str]:
        """Return the digest of each caption that tells something, by fingerprint."""
        return dict(self.connection.execute("SELECT fingerprint, digest FROM captions WHERE digest <> ''"))

    def by_video(self) -> dict[str, str]:
        """Return the text of each caption that tells something, by fingerprint."""
        return dict(self.connection.execute("SELECT fingerprint, text FROM captions WHERE digest <> ''"))

    def authors(self) -> dict[str, str]:
        """Return the author of each caption that has one, by fingerprint."""
        return dict(self.connection.execute("SELECT fingerprint, author FROM captions WHERE author <> ''"))

    def vectors(self, tower: str) -> list[tuple[str, bytes]]:
        """Return each video that has a caption, with the vector of its text by this tower."""
        query = "SELECT fingerprint, vector FROM captions JOIN texts USING (digest) WHERE tower = ?"
        return self.connection.execute(query, (tower,)).fetchall()

    def any_vector(self, tower: str) -> bool:
        """Return whether there is a vector by this tower."""
        return self.connection.execute("SELECT 1 FROM texts WHERE tower = ? LIMIT 1", (tower,)).fetchone() is not None

    def count(self) -> int:
        """Return how many videos on disk have a caption that tells something."""
        query = "SELECT count(*) FROM captions WHERE digest <> '' AND fingerprint IN (SELECT fingerprint FROM files)"
        return int(self.connection.execute(query).fetchone()[0])

    def texts(self, most: int) -> list[str]:
        """Return the texts of any `most` videos."""
        rows = self.connection.execute("SELECT text FROM captions WHERE digest <> '' LIMIT ?", (most,))
        return [text for (text,) in rows]

    def clear(self) -> None:
        """Forget all of it."""
        with transaction(self.connection):
            for table in ("caption_sources", "captions", "texts"):
                if self.connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
                    self.connection.execute(f"DELETE FROM {table}")

    def sweep(self) -> None:
        """Drop the vectors of texts that no video has any more."""
        self.connection.execute("DELETE FROM texts WHERE digest NOT IN (SELECT digest FROM captions)")
