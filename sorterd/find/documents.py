"""What can be read of each video: its name, what is said in it, and what it says about itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sorterd.library.names import stem_and_extension
from sorterd.store.captions import CaptionTable
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


@dataclass(frozen=True, slots=True)
class Documents(Mapping[str, Document]):
    """The videos of a library, or some of them, by fingerprint.

    In a large one most of them are only looked through, so a `Document` is made when it is asked for. `places` are path
    and category, as bytes.
    """

    places: Mapping[str, tuple[bytes, bytes | None]]
    transcripts: Mapping[str, str]
    captions: Mapping[str, str]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.places)

    def __contains__(self, video: object) -> bool:
        """Return whether a video is one of them."""
        return video in self.places

    def __iter__(self) -> Iterator[str]:
        """Iterate over the fingerprints."""
        return iter(self.places)

    def __getitem__(self, video: str) -> Document:
        """Return one. Raise KeyError."""
        path, category = self.places[video]
        folder = None if category is None else from_blob(category)
        said, caption = self.transcripts.get(video, ""), self.captions.get(video, "")
        return Document(video, from_blob(path), folder, said, caption)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield each video with all that is searched for words."""
        said, captions = self.transcripts.get, self.captions.get
        together = b"\0".join(path for path, _ in self.places.values())
        paths = from_blob(together).split("\0")  # one by one takes ten times as long
        for video, path in zip(self.places, paths, strict=False):
            name = stem_and_extension(path.rpartition("/")[2])[0]
            yield video, f"{name}\n{said(video, '')}\n{captions(video, '')}"


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
        "SELECT fingerprint, path, category FROM files WHERE fingerprint <> '' "
        "AND (:folder IS NULL OR category = :folder) AND (:since IS NULL OR labelled_at >= :since) ORDER BY path DESC",
        {"folder": None if folder is None else to_blob(folder), "since": since},
    )
    places = {video: (path, category) for video, path, category in rows}
    if not texts:
        return Documents(places, {}, {})
    return Documents(places, _transcripts(connection, space), CaptionTable(connection).by_video())


def _transcripts(connection: sqlite3.Connection, space: str) -> Mapping[str, str]:
    """Read from an index alone: in the table, each text lies behind a vector of several pages."""
    query = "SELECT fingerprint, transcript FROM features INDEXED BY features_by_words WHERE space"
    others = dict(connection.execute(f"{query} <> ? AND transcript <> ''", (space,)))
    return others | dict(connection.execute(f"{query} = ? AND transcript <> ''", (space,)))
