"""Kinds of files by extension."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a text, for tables of names and extensions."""
    return frozenset(text.split())


# What FFmpeg (inside PyAV and decord) reads and people keep as video. Not in the list: `gif` (mostly pictures and
# thumbnails, which would be moved like videos), `m4a` and `mp3` (no picture). `ts` is in although TypeScript uses it
# too: silently ignoring a recording is worse than reporting a source file as unreadable.
DEFAULT_EXTENSIONS = words("mp4 mov mkv webm m4v avi 3g2 3gp asf f4v flv m2ts mpeg mpg mts mxf ogm ogv ts wmv")


def extension(name: str) -> str:
    """Return the extension of a file name in lower case without its dot, or ""."""
    stem, _, tail = name.rpartition(".")
    return tail.lower() if stem else ""
