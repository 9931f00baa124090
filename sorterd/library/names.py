"""Another name for a file whose name is taken."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

MAX_BYTES = 255  # of one name; the limit of ext4, xfs, btrfs, tmpfs, APFS
_LONGEST_EXTENSION = 100  # what follows the last dot of a longer one is no extension


def stem_and_extension(name: str) -> tuple[str, str]:
    """`a.b.mp4` -> (`a.b`, `.mp4`); a leading dot begins no extension."""
    stem, dot, tail = name.rpartition(".")
    return (stem, dot + tail) if stem else (name, "")


def candidates(name: str, room: int = 0) -> Iterator[str]:
    """Yield `name`, then `name (2)`, `name (3)`, ... with the number before the extension, for ever.

    Each fits into 255 bytes with `room` bytes to spare (for what sidecars add to the stem): the stem is shortened by
    whole characters where needed. Names that are not valid UTF-8 keep their bytes. The first is always `name` itself.
    """
    yield name
    stem, extension = stem_and_extension(name)
    if _length(extension) > _LONGEST_EXTENSION:
        stem, extension = name, ""
    for number in count(2):
        yield _shortened(stem, MAX_BYTES - room - _length(tail := f" ({number}){extension}")) + tail


def _shortened(stem: str, limit: int) -> str:
    while _length(stem) > limit and len(stem) > 1:
        stem = stem[:-1]
    return stem


def _length(name: str) -> int:
    return len(os.fsencode(name))
