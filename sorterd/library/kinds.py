"""Kinds of files, told by their extensions."""

from __future__ import annotations

# What FFmpeg (inside PyAV and decord) reads and people keep as video. Left out on purpose: `gif` (mostly pictures and
# thumbnails, which would be moved as if they were films), `m4a` and `mp3` (no picture). `ts` stays although TypeScript
# uses it too: a recording that is silently ignored is worse than a source file that is reported as unreadable.
DEFAULT_EXTENSIONS = frozenset(
    "mp4 mov mkv webm m4v avi 3g2 3gp asf f4v flv m2ts mpeg mpg mts mxf ogm ogv ts wmv".split()  # noqa: SIM905
)


def extension(name: str) -> str:
    """The extension of a file name, lower case and without its dot; "" if it has none."""
    stem, _, tail = name.rpartition(".")
    return tail.lower() if stem else ""
