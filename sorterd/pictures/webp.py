"""What a poster and a strip may be: plain WebP images of a limited size. Pure.

The process that draws them has opened hostile videos, and browsers and other programs will decode what it sends. So
only the simplest form passes: one lossy image, no metadata, no animation, no transparency.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_BYTES = 1 << 17
"""Of one image. Usual posters have 10,000; pure noise has 110,000."""

SHOTS = 5
"""Most frames of a strip."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most pixels that an image may have each way."""

    width: int
    height: int


POSTER = Bounds(320, 320)
STRIP = Bounds(SHOTS * POSTER.width // 2, POSTER.height // 2)


def fits(data: bytes, bounds: Bounds) -> bool:
    """Return whether `data` is a plain lossy WebP image within the bounds."""
    size = plain_size(data)
    return len(data) <= MOST_BYTES and size is not None and 0 < size[0] <= bounds.width and 0 < size[1] <= bounds.height


def plain_size(data: bytes) -> tuple[int, int] | None:
    """Return (width, height) of a WebP file that is nothing but one lossy image, None for anything else.

    RFC 9649, 2.5: RIFF header, then one chunk. RFC 6386, 9.1: the chunk begins with the tag of a key frame.
    """
    chunk = int.from_bytes(data[16:20], "little")
    is_one_image = (
        len(data) >= 30
        and data[:4] == b"RIFF"
        and data[8:16] == b"WEBPVP8 "
        and int.from_bytes(data[4:8], "little") == len(data) - 8
        and chunk + chunk % 2 == len(data) - 20
    )
    if not is_one_image or data[20] & 1 or data[23:26] != b"\x9d\x01\x2a":
        return None
    width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))  # above: a scale
    return width, height
