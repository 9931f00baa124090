"""Find the databases in which myfaveTT keeps the captions of what it has downloaded. They are not opened here."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from sorterd.captions.source import FileSeen

NAMES = ("db_texts.js", "db_videos.js", "db_authors.js")
FOLDER = ".appdata"
LARGEST = 8 << 20
"""Bytes of a database, packed as well as plain; a larger one is not read."""

_LEVELS = 3  # the videos lie in `data/Likes/videos` or `data/Following/NAME`, the databases in `data/.appdata`


def databases_of(root: Path) -> tuple[FileSeen, ...]:
    """Return the databases that belong to this folder of videos: in it, in its `data`, or a few folders above it.

    A folder without `db_texts.js` is none of theirs.
    """
    for folder in _places(root):
        found = [seen for name in NAMES if (seen := _seen(folder / name)) is not None]
        if any(seen.name.endswith(NAMES[0]) for seen in found):
            return tuple(found)
    return ()


def _places(root: Path) -> Iterator[Path]:
    yield root / FOLDER
    yield root / "data" / FOLDER
    for parent in list(root.parents)[:_LEVELS]:
        yield parent / FOLDER


def _seen(path: Path) -> FileSeen | None:
    try:
        found = path.lstat()
    except OSError:  # not there, or not for us to see
        return None
    # One whose permissions change later is new then: neither its size nor its time would tell.
    readable = os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids)
    regular = stat.S_ISREG(found.st_mode)
    return FileSeen(os.fspath(path), found.st_size, found.st_mtime_ns) if regular and readable else None


def too_large(databases: Iterable[FileSeen]) -> list[str]:
    """Return one sentence for each of these databases that is not read for its size."""
    size = f"{LARGEST >> 20} MiB"
    return [f"{seen.name} is larger than {size}, so it is not read" for seen in databases if seen.size > LARGEST]
