"""What can be read of each video: its name, what is said in it, and what it says about itself."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from sorterd.library.names import stem_and_extension
from sorterd.store.database import from_blob, to_blob


class Document(NamedTuple):  # of a large library there are many: these are made four times as fast as a dataclass
    """One video on disk, at one of its paths. `at` is when it came into its folder or the inbox, as epoch seconds."""

    fingerprint: str
    path: str
    category: str | None
    at: float
    transcript: str
    caption: str

    @property
    def name(self) -> str:
        """The file's name without its extension."""
        return stem_and_extension(self.path.rpartition("/")[2])[0]

    @property
    def texts(self) -> tuple[str, str, str]:
        """What is searched for words."""
        return self.name, self.transcript, self.caption


def read_documents(
    connection: sqlite3.Connection, space: str, *, folder: str | None = None, since: float | None = None
) -> dict[str, Document]:
    """Return the videos on disk by fingerprint.

    `space` is the feature space of the transcripts. Only those in `folder` and those that came at `since` or later, if
    these are given.
    """
    rows = connection.execute(
        "SELECT files.fingerprint, min(path), category, labelled_at, transcript, captions.text FROM files "
        "LEFT JOIN features ON features.fingerprint = files.fingerprint AND space = :space "
        "LEFT JOIN captions ON captions.fingerprint = files.fingerprint "
        "WHERE files.fingerprint <> '' AND (:folder IS NULL OR category = :folder) "
        "AND (:since IS NULL OR labelled_at >= :since) GROUP BY files.fingerprint",
        {"space": space, "folder": None if folder is None else to_blob(folder), "since": since},
    )
    return {
        video: Document(
            video, from_blob(path), None if category is None else from_blob(category), at, said or "", caption or ""
        )
        for video, path, category, at, said, caption in rows
    }
