"""Read what sorterd has recorded from a copy of its database, so that the original stays untouched."""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sorterd.store.store import DATABASE


@dataclass(frozen=True, slots=True)
class Move:
    """One entry of the journal."""

    kind: str
    fingerprint: str
    source: str
    destination: str
    step: str


@dataclass(frozen=True, slots=True)
class Records:
    """What sorterd has recorded.

    `files` is {path: (fingerprint, source of the label)}. `extracted` is when each video was extracted, in that order.
    `failures` is why videos have no features, by fingerprint. `unreadable` are the files that could not be read.
    """

    files: dict[str, tuple[str, str | None]]
    extracted: dict[str, float]
    moves: list[Move]
    failures: dict[str, str]
    unreadable: list[str]

    @property
    def unfinished(self) -> int:
        """Moves that were cut short."""
        return sum(move.step in ("planned", "copied") for move in self.moves)

    def moved(self, fingerprint: str, kind: str = "sort", step: str = "done") -> list[Move]:
        """The journal of one video."""
        wanted = (kind, fingerprint, step)
        return [move for move in self.moves if (move.kind, move.fingerprint, move.step) == wanted]


def read(state: Path) -> Records | None:
    """Return the records in a state folder, None if there are none yet. Raise sqlite3.Error if they are damaged."""
    with tempfile.TemporaryDirectory() as folder:
        for name in (DATABASE, f"{DATABASE}-wal"):
            if (state / name).exists():
                shutil.copyfile(state / name, Path(folder, name))
        if not Path(folder, DATABASE).exists():
            return None
        with closing(sqlite3.connect(Path(folder, DATABASE))) as database:
            if not database.execute("PRAGMA user_version").fetchone()[0]:
                return None
            (sound,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            if sound != "ok":
                raise sqlite3.DatabaseError(sound)
            files = database.execute("SELECT path, fingerprint, source FROM files").fetchall()
            extracted = database.execute("SELECT fingerprint, at FROM features ORDER BY rowid").fetchall()
            moves = database.execute("SELECT kind, fingerprint, source, destination, step FROM moves").fetchall()
            failures = database.execute("SELECT fingerprint, reason FROM failures").fetchall()
            unreadable = database.execute("SELECT path FROM unreadable").fetchall()
    return Records(
        {os.fsdecode(path): (content, source) for path, content, source in files},
        dict(extracted),
        [Move(kind, content, os.fsdecode(a), os.fsdecode(b), step) for kind, content, a, b, step in moves],
        dict(failures),
        [os.fsdecode(path) for (path,) in unreadable],
    )
