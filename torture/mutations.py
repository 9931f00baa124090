"""Ways to damage an MP4 file. Each returns a damaged copy of the bytes, the same one for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"udta"}
HEADER = 8
Mutation = Callable[[bytes, random.Random], bytes]

ABSURD = (0, 1, 2, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
NUMBERS = {  # boxes that are made of numbers: times, dimensions, counts and offsets
    *(b"mvhd", b"tkhd", b"mdhd", b"elst", b"stts", b"ctts", b"stss", b"stsc", b"stsz", b"stco", b"stsd"),
}
CODECS = (b"avc1", b"hev1", b"av01", b"vp09", b"mp4v", b"jpeg", b"mp4a", b"Opus", b"alac", b"twos", b"tx3g", b"????")


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


def bits_flipped(data: bytes, rng: random.Random) -> bytes:
    """Flip some bits anywhere."""
    return _flip(data, 0, len(data), rng.choice([1, 8, 64, 512]), rng)


def header_bits_flipped(data: bytes, rng: random.Random) -> bytes:
    """Flip some bits in `moov`, which describes the content."""
    moov = _one(data, rng, {b"moov"})
    return _flip(data, moov.start, moov.end, rng.choice([1, 3, 10]), rng)


def truncated(data: bytes, rng: random.Random) -> bytes:
    """Cut off the end."""
    return data[: rng.randrange(len(data))]


def boxes_swapped(data: bytes, rng: random.Random) -> bytes:
    """Swap two boxes of one parent."""
    pairs = [(one, two) for one, two in combinations(boxes(data), 2) if one.parent == two.parent]
    one, two = rng.choice(pairs)
    middle = data[one.end : two.start]
    return data[: one.start] + data[two.start : two.end] + middle + data[one.start : one.end] + data[two.end :]


def box_missing(data: bytes, rng: random.Random) -> bytes:
    """Turn one box into a free one, which players skip."""
    box = rng.choice(boxes(data))
    return data[: box.start + 4] + b"free" + data[box.start + 8 :]


def box_doubled(data: bytes, rng: random.Random) -> bytes:
    """Repeat one box, which shifts everything after it."""
    box = rng.choice(boxes(data))
    return data[: box.end] + data[box.start :]


def box_size_absurd(data: bytes, rng: random.Random) -> bytes:
    """Change the size that one box claims."""
    box = rng.choice(boxes(data))
    return _put(data, box.start, rng.choice([*ABSURD, rng.getrandbits(32), box.end - box.start + rng.randint(-20, 20)]))


def number_absurd(data: bytes, rng: random.Random) -> bytes:
    """Set a time, dimension, count or offset to an impossible value."""
    for _ in range(rng.choice([1, 1, 2, 5])):
        box = _one(data, rng, NUMBERS)
        words = (box.end - box.start - HEADER) // 4
        data = _put(
            data, box.start + HEADER + 4 * rng.randrange(max(1, words)), rng.choice([*ABSURD, rng.getrandbits(32)])
        )
    return data


def picture_size_absurd(data: bytes, rng: random.Random) -> bytes:
    """Change width and height, in the container and in the codec's entry."""
    width, height = (rng.choice([0, 1, 2, 16, 8192, 16384, 32767, 65535]) for _ in range(2))
    for box in boxes(data):
        at = data.find(b"avc1", box.start, box.end) if box.kind == b"stsd" else -1
        if at > 0:
            data = data[: at + 28] + width.to_bytes(2, "big") + height.to_bytes(2, "big") + data[at + 32 :]
        if box.kind == b"tkhd":
            data = _put(_put(data, box.end - 8, width << 16), box.end - 4, height << 16)
    return data


def length_absurd(data: bytes, rng: random.Random) -> bytes:
    """Change the time scale, duration or number of frames."""
    places = {b"mvhd": (12, 16), b"mdhd": (12, 16), b"stts": (4, 8, 12), b"stsz": (4, 8), b"stco": (4,), b"tkhd": (20,)}
    for box in boxes(data):
        if box.kind in places and rng.random() < 0.5:
            data = _put(data, box.start + HEADER + rng.choice(places[box.kind]), rng.choice(ABSURD))
    return data


def codec_exchanged(data: bytes, rng: random.Random) -> bytes:
    """Change the codec or type of a track."""
    old = rng.choice([name for name in (b"avc1", b"mp4a", b"avcC", b"esds", b"vide", b"soun") if name in data])
    return data.replace(old, rng.choice(CODECS), 1)


def zeroed(data: bytes, rng: random.Random) -> bytes:
    """Zero a range, as if it was never written before a crash."""
    start, end = _stretch(data, rng)
    return data[:start] + bytes(end - start) + data[end:]


def noise(data: bytes, rng: random.Random) -> bytes:
    """Overwrite a range with random bytes."""
    start, end = _stretch(data, rng)
    return data[:start] + rng.randbytes(end - start) + data[end:]


def inserted(data: bytes, rng: random.Random) -> bytes:
    """Insert bytes, so that every offset after them is wrong."""
    start, end = _stretch(data, rng)
    return data[:end] + data[start:end] + data[end:]


def joined(data: bytes, rng: random.Random) -> bytes:
    """Join two files, or the beginning of one with its own end."""
    return data + data if rng.random() < 0.3 else data[: rng.randrange(len(data))] + data[rng.randrange(len(data)) :]


MUTATIONS: tuple[Mutation, ...] = (
    *(bits_flipped, header_bits_flipped, truncated, boxes_swapped, box_missing, box_doubled, box_size_absurd),
    *(number_absurd, picture_size_absurd, length_absurd, codec_exchanged, zeroed, noise, inserted, joined),
)


def _one(data: bytes, rng: random.Random, kinds: set[bytes]) -> Box:
    return rng.choice([box for box in boxes(data) if box.kind in kinds])


def _put(data: bytes, at: int, number: int) -> bytes:
    return data[:at] + (number % 2**32).to_bytes(4, "big") + data[at + 4 :]


def _flip(data: bytes, start: int, end: int, times: int, rng: random.Random) -> bytes:
    flipped = bytearray(data)
    for _ in range(times):
        flipped[rng.randrange(start, end)] ^= 1 << rng.randrange(8)
    return bytes(flipped)


def _stretch(data: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(len(data))
    return start, min(len(data), start + rng.choice([4, 100, 4096, 20_000]))
