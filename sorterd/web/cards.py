"""One video as the page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any, Literal

from sorterd.changes import KnownFile
from sorterd.prediction import Prediction
from sorterd.text import percent, printable

State = Literal["undecided", "sure", "unseen", "unreadable", "left", "moved", "misfiled", "found"]
GUESSES = 3
EXCERPT = 180  # letters


@dataclass(frozen=True, slots=True)
class VideoCard:
    """One content at one place. `id` is its fingerprint, `folder` where it lies (None: the inbox), `copies` how many
    files of this content lie there. `guesses` are folders with the model's confidence, best first. `move` is the number
    of the move that brought it there, and `at` when that was (seconds, wall clock)."""

    id: str
    path: str
    folder: str | None
    state: State
    why: str
    guesses: tuple[tuple[str, float], ...] = ()
    copies: int = 1
    move: int | None = None
    at: float | None = None

    def to_json(self) -> dict[str, Any]:
        """For the page's script: names as they are for sending back, and as they can be shown."""
        folder, _, name = self.path.rpartition("/")
        return {
            "id": self.id,
            "name": printable(name),
            "folder": self.folder,
            "place": printable(folder),
            "state": self.state,
            "why": printable(self.why),
            "guesses": [
                {"folder": folder, "shown": printable(folder), "share": round(share, 4), "percent": percent(share)}
                for folder, share in self.guesses
            ],
            "copies": self.copies,
            "move": self.move,
            "at": self.at,
        }


def excerpt(transcript: str) -> str:
    """Return the beginning of what is said in a video, printable, cut at a word."""
    return shorten(printable(transcript), EXCERPT, placeholder=" …")


def guesses(prediction: Prediction | None, folders: Iterable[str]) -> tuple[tuple[str, float], ...]:
    """Return the best of the folders that are still there."""
    there = frozenset(folders)
    return () if prediction is None else tuple(one for one in prediction.top if one[0] in there)[:GUESSES]


def one_per_content(files: Sequence[KnownFile]) -> dict[str, list[KnownFile]]:
    """Return the files by content, in the order in which each content is first met."""
    found: dict[str, list[KnownFile]] = {}
    for file in files:
        found.setdefault(file.fingerprint, []).append(file)
    return found
