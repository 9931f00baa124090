"""The videos of a task on their way to a machine: by their path where it has the folder of videos, else as bytes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

from sorterd.library import openat
from sorterd.library.openat import opened_file
from sorterd.pool.messages import LIMIT, PIECE, Piece, Source, Task
from sorterd.worker import wire
from sorterd.worker.job_messages import Extract

MOST_SENT = 64_000_000
"""Bytes of videos that are sent for one task, and so of one video."""


def sources_of(job: Extract, root: Path, follows: Callable[[str], bool]) -> tuple[Source, ...]:
    """Return what a machine is told of the videos. `follows` says whether the bytes of a video are sent.

    Beyond MOST_SENT bytes no more videos are taken, except for the first one.
    """
    sources: list[Source] = []
    left = MOST_SENT
    for item in job.items:
        sent = follows(item.fingerprint)
        size = size_of(item.path) if sent else 0
        if size > left and sources:
            continue
        left -= size
        sources.append(Source(item.fingerprint, os.path.relpath(item.path, os.fsencode(root)), sent))
    return tuple(sources)


def frames(job: int, sources: Collection[Source], root: Path) -> Iterator[bytes]:
    """Yield the frames of a task, its files piece by piece, so that no whole file is ever in memory here."""
    yield wire.encode_body(Task(job, tuple(sources)), LIMIT)
    for source in sources:
        if source.follows:
            yield from _pieces(job, source, root)


def size_of(path: bytes) -> int:
    """Return the size of a file, 0 if it cannot be told: the attempt to read it will show why."""
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0


def _pieces(job: int, source: Source, root: Path) -> Iterator[bytes]:
    def frame(content: bytes, *, last: bool) -> bytes:
        return wire.encode_body(Piece(job, source.fingerprint, content, last), LIMIT)

    # If it cannot be read, the machine finds that it is not whole. It then stays at home, where the reason is found.
    with suppress(OSError, openat.NotBeneath):
        folder, name = openat.split(os.fsdecode(source.path))
        with openat.opened(root, folder) as above, opened_file(above, name) as descriptor:
            left = MOST_SENT if stat.S_ISREG(os.fstat(descriptor).st_mode) else 0
            while left > 0 and (content := os.read(descriptor, PIECE)):
                left -= len(content)
                yield frame(content, last=False)
    yield frame(b"", last=True)
