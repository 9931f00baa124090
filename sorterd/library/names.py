"""Names of files: their parts, their Unicode form, and other names where one is taken."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from itertools import count

MAX_BYTES = 255  # of one name; the limit of ext4, xfs, btrfs, tmpfs and APFS
_BRACKETS = re.compile(r"(?P<title>.*)(?P<id>\[[^\[\]]*\])(?P<rest>.*)", re.DOTALL)
_ZERO_WIDTH_JOINER = "\u200d"
_JOINERS = frozenset((_ZERO_WIDTH_JOINER, "\ufe0e", "\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))))  # with skin tones
_LONGEST_EXTENSION = 100  # in bytes; a longer text after the last dot is no extension


def stem_and_extension(name: str) -> tuple[str, str]:
    """Split `a.b.mp4` into `a.b` and `.mp4`. A leading dot does not begin an extension."""
    stem, dot, tail = name.rpartition(".")
    return (stem, dot + tail) if stem else (name, "")


def composed(name: str) -> str:
    """Return the name in one Unicode form (NFC). A Mac's disks use one, files copied from there another."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def candidates(name: str, room: int = 0) -> Iterator[str]:
    """Yield `name`, then without end `name (2)`, `name (3)`, ..., with the number before the extension.

    Each numbered name leaves `room` of its 255 bytes free for what sidecars add to the stem. The stem is shortened by
    whole characters where needed, but never inside its last `[...]`, where downloaders put the id of the video. Names
    that are not valid UTF-8 keep their bytes.
    """
    yield name
    stem, extension = stem_and_extension(name)
    if _length(extension) > _LONGEST_EXTENSION:
        stem, extension = name, ""
    for number in count(2):
        yield _shortened(stem, MAX_BYTES - room - _length(tail := f" ({number}){extension}")) + tail


def _shortened(stem: str, limit: int) -> str:
    if _length(stem) <= limit:
        return stem
    found = _BRACKETS.fullmatch(stem)
    if found is None or _length(found["id"]) >= limit:
        return _cut(stem, limit) or stem[:1]
    title, id, rest = found["title"], found["id"], found["rest"]
    if not rest:
        return _cut(title, limit - _length(id)) + id
    rest = _cut(rest, max(limit - _length(title + id), 0))
    return _cut(title, limit - _length(id + rest)) + id + rest


def _cut(text: str, limit: int) -> str:
    """Return the longest beginning of a text that fits, without splitting a character from its accents and joiners."""
    end = len(text)
    while end > 0 and (_length(text[:end]) > limit or (end < len(text) and _continues(text, end))):
        end -= 1
    cut = text[:end]
    return (cut.rstrip(" .") or cut) if end < len(text) else text


def _continues(text: str, at: int) -> bool:
    """Return whether the code point at this place belongs to the character before it."""
    return unicodedata.combining(text[at]) != 0 or text[at] in _JOINERS or text[at - 1] == _ZERO_WIDTH_JOINER


def _length(name: str) -> int:
    return len(os.fsencode(name))
