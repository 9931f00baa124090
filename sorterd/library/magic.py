"""Tell what a file is by its first bytes, where its name leaves that open."""

from __future__ import annotations

HEAD_BYTES = 400  # enough for two packets of a transport stream

_APPLE_DOUBLE = (b"\0\x05\x16\x07", b"\0\x05\x16\0")  # RFC 1740: AppleDouble, AppleSingle
_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")  # ISO/IEC 14496-12, QuickTime: at byte 4
_BEGINNINGS = (
    b"\x1aE\xdf\xa3",  # Matroska, WebM
    b"FLV\x01",
    b"OggS",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF, WMV
    b"\0\0\x01\xba",  # MPEG program stream
    b"\0\0\x01\xb3",  # MPEG video
    b"\x06\x0e\x2b\x34",  # MXF
)
# MPEG transport stream: where the first sync byte is, and how far the next one is from it.
_TS_PACKETS = ((0, 188), (4, 192))


def is_apple_double(head: bytes) -> bool:
    """Return whether the bytes begin a file in which macOS keeps metadata on a foreign disk. It has no content."""
    return head.startswith(_APPLE_DOUBLE)


def is_video(head: bytes) -> bool:
    """Return whether the bytes begin a file of a kind that holds videos."""
    if head[4:8] in _BOXES or head.startswith(_BEGINNINGS):
        return True
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return True
    return any(head[at : at + 1] == b"G" == head[at + size : at + size + 1] for at, size in _TS_PACKETS)
