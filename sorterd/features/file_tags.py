"""The tags inside a video file: its description, title and the address that it came from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing

from sorterd.captions.sidecar import Unavailable
from sorterd.features.container import UnreadableVideo, open_container
from sorterd.mp4_boxes import top_boxes

MOST_READ = 32 << 20
"""Bytes of a file that are read for its tags. The header of a film of two hours has 10 million."""

_NO_HEADER = (b"mdat", b"free", b"skip", b"wide")
_PACKED = b"cmov"  # a header in zlib, which may unpack to anything; QuickTime wrote it long ago
_MOST_BOXES = 10_000  # of a film of some hours in fragments


def file_tags(path: bytes) -> Mapping[str, str]:
    """Return the tags of the file at an absolute path, with names in small letters.

    Raise Unavailable.
    """
    if _is_bomb(path):
        return {}
    try:
        with closing(open_container(path, most=MOST_READ)) as container:
            return {name.lower(): value for name, value in container.metadata.items()}
    except UnreadableVideo as error:
        if error.transient:
            raise Unavailable from error
        return {}
    except OSError as error:  # gone since, or the disk
        raise Unavailable from error


def _is_bomb(path: bytes) -> bool:
    """Return whether it is an MP4 file with so large a header that its tags would not fit into memory.

    FFmpeg takes twice the room that a tag claims to have, before it reads the tag.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    header = 0
    try:
        for number, (kind, start, size) in enumerate(top_boxes(file)):
            if not kind.isalnum() or kind in _NO_HEADER:  # other formats have no such kinds where MP4 has them
                continue
            header += size
            if number == _MOST_BOXES or header > MOST_READ:
                return True
            if kind == b"moov" and _PACKED in os.pread(file, size, start):
                return True
    except OSError:
        return False
    finally:
        os.close(file)
    return False
