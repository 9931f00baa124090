"""Sending a video, or the part of it that a player asks for."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from sorterd.library.openat import opened, split
from sorterd.text import printable

PIECE = 256 * 1024  # bytes read at once
_TYPES = {".webm": "video/webm", ".mkv": "video/x-matroska", ".ogv": "video/ogg", ".avi": "video/x-msvideo"}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class NotThere(Exception):
    """No regular file lies at the path, or it cannot be opened."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes `first` to `last`, both included, of `size`."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        """How many bytes that are."""
        return self.last - self.first + 1


def open_beneath(root: Path, path: str) -> int:
    """Return a descriptor of the regular file at `path` under `root`, no link followed on the way. Raise NotThere."""
    try:
        folder, name = split(path)
        with opened(root, folder) as inside:
            # Without O_NONBLOCK a pipe of that name would keep us waiting for somebody who writes into it.
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=inside)
    except (OSError, ValueError) as error:
        raise NotThere(str(error)) from error
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise NotThere("it is no file")
    return file


def part_of(size: int, wanted: str | None) -> Part | None:
    """What a Range header asks for (RFC 9110, 14.1): all of it where there is none, or one that is not understood; None
    where the file has no such bytes."""
    found = _RANGE.fullmatch(wanted.strip()) if wanted else None
    if found is None or found.groups() == ("", ""):
        return Part(0, size - 1, size)
    first, last = found.groups()
    if not first:
        first, last = str(max(size - int(last), 0)), "" if int(last) else "0"
        if not last and size:
            return Part(int(first), size - 1, size)
        return None
    end = min(int(last), size - 1) if last else size - 1
    return Part(int(first), end, size) if int(first) <= end else None


def send(root: Path, path: str, wanted: str | None, *, to_keep: bool, body: bool) -> Response:
    """Return the response for one video. Raise NotThere.

    `to_keep`: for a player outside of the browser, under its name.
    """
    file = open_beneath(root, path)
    size = os.fstat(file).st_size
    part = part_of(size, wanted)
    headers = {"Accept-Ranges": "bytes", "Content-Security-Policy": "sandbox; default-src 'none'"}
    if part is None:
        os.close(file)
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    partial = part.length < size
    if partial:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    headers["Content-Length"] = str(part.length)
    name = path.rpartition("/")[2]
    if to_keep:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(printable(name), safe='')}"
    kind = _TYPES.get(os.path.splitext(name)[1].lower(), "video/mp4")  # noqa: PTH122  # a name, not a path
    if not body:
        os.close(file)
        return Response(status_code=206 if partial else 200, headers=headers, media_type=kind)
    return StreamingResponse(_pieces(file, part), 206 if partial else 200, headers, kind)


def _pieces(file: int, part: Part) -> Iterator[bytes]:
    """The file may be cut short meanwhile: then the connection ends before its time, as it must."""
    at = part.first
    try:
        while at <= part.last:
            piece = os.pread(file, min(PIECE, part.last - at + 1), at)
            if not piece:
                return
            yield piece
            at += len(piece)
    finally:
        os.close(file)
