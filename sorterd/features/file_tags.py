"""The tags inside a video file: its description, title and the address that it came from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing

from sorterd.features.container import UnreadableVideo, open_container

_LARGEST_HEADER = 32 << 20
"""Bytes of the part of an MP4 file that holds the tags. That of a film of two hours has 10 million."""

_MOST_BOXES = 100


def file_tags(path: bytes) -> Mapping[str, str]:
    """Return the tags of the file at an absolute path, with names in small letters; none if it cannot be read."""
    if _header_bytes(path) > _LARGEST_HEADER:
        return {}
    try:
        with closing(open_container(path)) as container:
            return {name.lower(): value for name, value in container.metadata.items()}
    except UnreadableVideo:
        return {}


def _header_bytes(path: bytes) -> int:
    """Return the size of the `moov` box, or 0 if there is none: FFmpeg reads a tag of any size into memory."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return 0
    try:
        at = 0
        for _ in range(_MOST_BOXES):
            head = os.pread(file, 16, at)
            if len(head) < 8:
                return 0
            size, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if size == 1:
                size = int.from_bytes(head[8:16], "big")
            if kind == b"moov":
                return size
            if size < 8:
                return 0
            at += size
        return 0
    except (OSError, OverflowError):
        return 0
    finally:
        os.close(file)
