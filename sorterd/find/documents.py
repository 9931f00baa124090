"""What can be read of each video: its name, what is said in it, and what it says about itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sorterd.library.names import stem_and_extension
from sorterd.store.database import from_blob, to_blob


@dataclass(frozen=True, slots=True)
class Document:
    """One video on disk, at the first of its paths."""

    fingerprint: str
    path: str
    category: str | None
    transcript: str
    caption: str

    @property
    def name(self) -> str:
        """The file's name without its extension."""
        return stem_and_extension(self.path.rpartition("/")[2])[0]


Row = tuple[str, bytes, bytes | None, str, str]
"""Fingerprint, path, category, transcript and caption."""


@dataclass(frozen=True, slots=True)
class Documents(Mapping[str, Document]):
    """The videos of a library, or some of them, by fingerprint.

    In a large one most of them are only looked through, so a `Document` is made when it is asked for.
    """

    rows: Mapping[str, Row]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def __contains__(self, video: object) -> bool:
        """Return whether a video is one of them."""
        return video in self.rows

    def __iter__(self) -> Iterator[str]:
        """Iterate over the fingerprints."""
        return iter(self.rows)

    def __getitem__(self, video: str) -> Document:
        """Return one. Raise KeyError."""
        _, path, category, said, caption = self.rows[video]
        return Document(video, from_blob(path), None if category is None else from_blob(category), said, caption)

    def texts(self) -> list[tuple[str, tuple[str, str, str]]]:
        """Return each video with all that is searched for words: its name, its transcript and its caption."""
        together = b"\0".join(path for _, path, *_ in self.rows.values())
        paths = from_blob(together).split("\0")  # one by one takes ten times as long
        return [
            (video, (stem_and_extension(path.rpartition("/")[2])[0], said, caption))
            for path, (video, _, _, said, caption) in zip(paths, self.rows.values(), strict=False)
        ]


def read_documents(
    connection: sqlite3.Connection,
    space: str,
    *,
    folder: str | None = None,
    since: float | None = None,
    texts: bool = True,
) -> Documents:
    """Return the videos on disk.

    `space` is the feature space of the transcripts. A video without one there has that of another space, as after an
    update. Only those in `folder` and those that came at `since` (epoch seconds) or later, if these are given. Without
    `texts`, transcripts and captions are left out.
    """
    rows = connection.execute(
        f"SELECT files.fingerprint, path, category, {_TEXTS if texts else _NO_TEXTS} WHERE files.fingerprint <> '' "
        "AND (:folder IS NULL OR category = :folder) AND (:since IS NULL OR labelled_at >= :since) ORDER BY path DESC",
        {"folder": None if folder is None else to_blob(folder), "since": since, "space": space},
    )
    found = {row[0]: row for row in rows}  # of several paths, the first remains
    if texts:
        query = "SELECT fingerprint, transcript FROM features INDEXED BY features_by_words WHERE space <> ?"
        for video, said in connection.execute(f"{query} AND transcript <> ''", (space,)):
            if video in found and not found[video][3]:
                found[video] = (*found[video][:3], said, found[video][4])
    return Documents(found)


# From an index: in the table, each transcript lies behind a vector of several pages.
_TEXTS = """coalesce(transcript, ''), coalesce(text, '') FROM files
    LEFT JOIN features INDEXED BY features_by_words ON features.fingerprint = files.fingerprint AND space = :space
    LEFT JOIN captions ON captions.fingerprint = files.fingerprint AND digest <> ''"""
_NO_TEXTS = "'', '' FROM files"
