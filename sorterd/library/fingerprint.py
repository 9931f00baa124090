"""Identify a content: the same bytes have the same fingerprint wherever they lie."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from sorterd.library.files import FileId
from sorterd.library.scan import file_id

_CHUNK = 1 << 20  # bytes between two calls of `should_stop`: a few ms from a disk


class Unstable(Exception):
    """The file changed while it was read, or is no longer the expected one."""


@dataclass(slots=True)
class PartlyRead:
    """The beginning of a file, so many bytes, of which the digest is made."""

    done: int = 0
    digest: blake2b = field(default_factory=lambda: blake2b(digest_size=16))


class Stopped(Exception):
    """The caller asked to stop before the end of the file."""


def fingerprint(
    path: Path, should_stop: Callable[[], bool], expected: FileId | None = None, partly: PartlyRead | None = None
) -> str:
    """Return the BLAKE2b-128 of a file's whole content as 32 hex digits.

    Labels and features depend on it, so the whole content counts. A hash of size, head and tail confuses videos of one
    series (same intro, same outro, same length) and files that were pre-allocated or repaired in the middle. BLAKE2b
    takes about 0.7 GB/s on one core, more than most disks give.

    `expected` is the file that a scan saw. A scan never leaves the root, so the comparison also catches a path that was
    swapped for a symlink to elsewhere. `partly` is how much of it was read before. What is read now is added. Raise
    `Unstable` if the file is another one or changed while it was read, `Stopped` if `should_stop()` returned true,
    OSError if it cannot be read or is no regular file.
    """
    # Non-blocking: opening a FIFO that somebody named x.mp4 would otherwise wait for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", os.fspath(path))
        if expected is not None and file_id(before) != expected:
            raise Unstable(f"{path} changed since the scan that found it")
        partly = partly or PartlyRead()
        _read_on(descriptor, partly, before.st_size, should_stop)
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if file_id(after) != file_id(before) or partly.done != before.st_size:
        raise Unstable(f"{path} changed while it was read")
    return partly.digest.hexdigest()


def _read_on(descriptor: int, partly: PartlyRead, size: int, should_stop: Callable[[], bool]) -> None:
    """Read on to the end, or beyond `size`: a file may grow as fast as it is read."""
    buffer = memoryview(bytearray(_CHUNK))
    os.lseek(descriptor, partly.done, os.SEEK_SET)
    while partly.done <= size:
        if should_stop():
            raise Stopped
        count = os.readv(descriptor, [buffer])
        if not count:
            break
        partly.digest.update(buffer[:count])
        partly.done += count
