"""Find the boxes of an MP4 file, as far as needed to damage them on purpose."""

from __future__ import annotations

from dataclasses import dataclass

CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"udta"}
HEADER = 8


@dataclass(frozen=True, slots=True)
class Box:
    """One box: `start` of its header, `end` of its content, and the index of its `parent` (-1: none)."""

    kind: bytes
    start: int
    end: int
    parent: int


def boxes(data: bytes) -> list[Box]:
    """Return all boxes of an undamaged file, each after its parent."""
    found: list[Box] = []
    _walk(data, 0, len(data), -1, found)
    return found


def _walk(data: bytes, start: int, end: int, parent: int, found: list[Box]) -> None:
    while start + HEADER <= end:
        size = int.from_bytes(data[start : start + 4], "big")
        kind = data[start + 4 : start + 8]
        if size < HEADER or start + size > end:
            return
        found.append(Box(kind, start, start + size, parent))
        if kind in CONTAINERS:
            _walk(data, start + HEADER, start + size, len(found) - 1, found)
        start += size
