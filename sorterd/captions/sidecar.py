"""Read one small untrusted file."""

from __future__ import annotations

import codecs
import os
import stat

from sorterd import disk_errors

LARGEST = 4 << 20
"""Bytes of a sidecar; a larger one is not read."""


class Unavailable(Exception):
    """A place where a caption may stand cannot be read just now: the disk, or the cloud, is the cause."""


def content(path: bytes, limit: int = LARGEST) -> bytes:
    """Return the content of a regular file of up to `limit` bytes, nothing if it is larger, gone, a link, a pipe, …

    Raise Unavailable.
    """
    try:
        return _content(path, limit)
    except ValueError:  # a NUL in the name
        return b""
    except OSError as error:
        if disk_errors.may_pass(error.errno):
            raise Unavailable from error
        return b""


def _content(path: bytes, limit: int) -> bytes:
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
            return b""
        with open(file, "rb", closefd=False) as opened:  # a descriptor
            read = opened.read(limit + 1)
    finally:
        os.close(file)
    return b"" if len(read) > limit else read


def as_text(data: bytes) -> str:
    """Return the text in UTF-8, or in UTF-16 with its mark, nothing if the bytes are no text."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return "" if b"\0" in data else data.decode("utf-8-sig", "replace")
