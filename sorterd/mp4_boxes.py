"""The boxes of an MP4 or QuickTime file (ISO/IEC 14496-12), as far as the file is one. What it says is not trusted."""

from __future__ import annotations

import os
from collections.abc import Iterator


def top_boxes(file: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, place, size) of each box at the top of an open file, headers included, up to the first invalid one.

    A box may claim to be larger than the file. Of a file of another kind, a few meaningless boxes are yielded.
    """
    at, end = 0, os.fstat(file).st_size
    while at < end:
        head = os.pread(file, 16, at)
        size, header = int.from_bytes(head[:4]), 8
        if size == 1:
            size, header = int.from_bytes(head[8:16]), 16
        elif size == 0:  # to the end of the file
            size = end - at
        if len(head) < 8 or size < header:
            return
        yield head[4:8], at, size
        at += size
