"""Tell from a few bytes whether a video has sound. Downloaders keep pictures and sound apart until they are done.

Reads MP4 and QuickTime (ISO/IEC 14496-12: boxes), and Matroska and WebM (RFC 9559: elements). The file's own statements
are trusted only for where to read next.
"""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from sorterd.mp4_boxes import top_boxes

_MOST_BOXES = 10_000  # of the top level; a fragmented file has about two per second
_MOST_BYTES = 64 << 20  # of a `moov`
_FIRST_BYTES = 1 << 20  # in Matroska the tracks are described before the content
_TRACKS = b"\x16T\xaek"
_EBML = b"\x1aE\xdf\xa3"


def has_sound(path: Path) -> bool | None:
    """Return whether there is a sound track, or None if that is unknown. Raise OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        head = file.read(12)
        return _in_matroska(file) if head.startswith(_EBML) else _in_boxes(descriptor) if head[4:8].isalnum() else None


def _in_boxes(file: int) -> bool | None:
    """Find the `moov` and in it a handler (`hdlr`) of type `soun`."""
    for kind, at, size in islice(top_boxes(file), _MOST_BOXES):
        if kind == b"moov":
            return _has_handler(os.pread(file, min(size, _MOST_BYTES), at), b"soun")
    return None


def _has_handler(moov: bytes, kind: bytes) -> bool | None:
    at, tracks = moov.find(b"hdlr"), 0
    while at != -1:
        if moov[at + 12 : at + 16] == kind:
            return True
        tracks += 1
        at = moov.find(b"hdlr", at + 4)
    return False if tracks else None


def _in_matroska(file: BinaryIO) -> bool | None:
    """Find the tracks and among them one of type 2 (TrackType, 0x83)."""
    file.seek(0)
    head = file.read(_FIRST_BYTES)
    at = head.find(_TRACKS)
    if at == -1:
        return None
    at += len(_TRACKS)
    width = 9 - head[at : at + 1].ljust(1, b"\0")[0].bit_length()
    size = int.from_bytes(head[at : at + width]) & ((1 << 7 * width) - 1)
    return b"\x83\x81\x02" in head[at + width : at + width + size]
