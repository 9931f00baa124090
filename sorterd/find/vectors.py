"""The extracted vectors of a library as one file that is mapped into memory: those of 20,000 videos are 200 MB.

The file can be made again from the database at any time. Records are added at its end, and one that was cut off is not
counted, so that a crash leaves nothing wrong. A video that is gone leaves its record behind. The file is written again
once half of the records are of such videos.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from sorterd.artifact_names import VECTORS

_ID = 8  # float32 places that the 32 hexadecimal digits of a fingerprint take
_HEAD = 256  # bytes

MISSING = -2.0
"""Stands for the cosine of a modality that a video does not have."""

GONE = ""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Vectors:
    """`videos` [n] and their vectors `rows` [n, d], in one order. A row of a video that is gone is that of `GONE`."""

    videos: list[str]
    rows: Floats


def vectors(connection: sqlite3.Connection, space: str, width: int, folder: Path) -> Vectors:
    """Return the vectors of `width` numbers of every video that has features in this space.

    They are kept in a file in `folder`. If it cannot be written, they are read from the database each time.
    """
    known = {video for (video,) in connection.execute("SELECT fingerprint FROM features WHERE space = ?", (space,))}
    known = {video for video in known if len(video) == 4 * _ID}
    try:
        return _mapped(connection, space, width, folder / VECTORS, known)
    except OSError:  # a disk that is full or read-only, or the folder of another user
        found = list(_read(connection, space, width, known))
        rows = np.array([np.frombuffer(vector, "<f4") for _, vector in found], dtype=np.float32)
        return Vectors([video for video, _ in found], rows.reshape(len(found), width))


def _mapped(connection: sqlite3.Connection, space: str, width: int, path: Path, known: Set[str]) -> Vectors:
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b") as file, _locked(file):
        head = f"sorterd vectors {width} {space}".encode().ljust(_HEAD, b"\0")[:_HEAD]
        size = 4 * (_ID + width)
        written = file.read(_HEAD)
        there = _ids(_table(file, width)) if written == head else []
        missing = known - set(there)
        if written not in (head, b"") or len(there) - len(known - missing) > max(100, len(there) // 2):
            path.unlink(missing_ok=True)  # and not cut: a search that has it mapped would be killed
            return _mapped(connection, space, width, path, known)
        if missing:
            file.seek(0)
            file.write(head)
            file.truncate(_HEAD + len(there) * size)
            file.seek(0, os.SEEK_END)
            for video, vector in _read(connection, space, width, missing):
                file.write(video.encode() + vector)
                there.append(video)
            file.flush()
        table = _table(file, width)
    return Vectors([video if video in known else GONE for video in there], table[:, _ID:])


@contextmanager
def _locked(file: BinaryIO) -> Iterator[None]:
    """Keep two searches from adding at once. A map of the file would hold the lock for as long as it is used."""
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _table(file: BinaryIO, width: int) -> Floats:
    count = (os.fstat(file.fileno()).st_size - _HEAD) // (4 * (_ID + width))
    if count < 1:
        return np.zeros((0, _ID + width), np.float32)
    return np.memmap(file, "<f4", "r", offset=_HEAD, shape=(count, _ID + width))


def _ids(table: Floats) -> list[str]:
    digits = np.ascontiguousarray(table[:, :_ID]).view(f"S{4 * _ID}").ravel()
    return [video.decode("ascii", "replace") for video in digits.tolist()]


def _read(connection: sqlite3.Connection, space: str, width: int, wanted: Iterable[str]) -> Iterable[tuple[str, bytes]]:
    query = "SELECT vector FROM features WHERE fingerprint = ? AND space = ?"
    for video in sorted(wanted):
        row = connection.execute(query, (video, space)).fetchone()
        if row is not None and len(row[0]) == 4 * width:
            yield video, row[0]


def cosines(rows: Floats, widths: Sequence[int], part: int, query: Floats) -> Floats:
    """Return the cosine [n] of one modality of each row to a unit vector, MISSING for a row without it."""
    start = sum(widths[:part])
    modality = rows[:, start : start + widths[part]]
    found: Floats = np.asarray(modality @ query.astype(np.float32))
    missing = np.flatnonzero(found == 0.0)  # a missing modality is all zero
    found[missing[~np.any(modality[missing], axis=1)]] = MISSING
    return found
