"""The files of a task on this machine: copied from the shared folder, or put together from pieces.

What is handed to the decoder is always a copy in a folder of our own, whose content has the fingerprint that home
named. So nothing that changes in the shared folder meanwhile, and no link in it, leads to other content.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from sorterd.library import openat
from sorterd.library.fingerprint import fingerprint as fingerprint_of
from sorterd.library.openat import opened_file

_CHUNK = 1 << 20
_PLAIN_ENDING = re.compile(rb"\.[A-Za-z0-9]{1,8}")


class NotToBeHad(Exception):
    """A video of a task cannot be had. The message says why."""


@dataclass(slots=True)
class Incoming:
    """The files of one task, in a folder of their own beneath `folder`. `shared` is the folder of videos, if any."""

    folder: Path
    shared: Path | None
    _open: dict[str, tuple[Path, BinaryIO]] = field(default_factory=dict)

    def copy(self, fingerprint: str, path: bytes) -> Path:
        """Copy a video out of the shared folder. Return the copy. Raise NotToBeHad."""
        if self.shared is None:
            raise NotToBeHad("this machine has no folder of videos (--videos)")
        try:
            folder, name = openat.split(os.fsdecode(path))
            with openat.opened(self.shared, folder) as above, opened_file(above, name) as source:
                if not stat.S_ISREG(os.fstat(source).st_mode):
                    raise OSError(errno.EINVAL, "not a regular file")
                os.set_blocking(source, True)
                return self._copy(source, fingerprint, path)
        except (OSError, openat.NotBeneath) as error:
            raise NotToBeHad(f"it cannot be read in the folder of videos there: {_reason(error)}") from error

    def _copy(self, source: int, fingerprint: str, path: bytes) -> Path:
        copy = self._place(fingerprint, path)
        with copy.open("xb") as target:
            while chunk := os.read(source, _CHUNK):
                target.write(chunk)
        if not _is(copy, fingerprint):
            copy.unlink()
            raise NotToBeHad("the file of that name in the folder of videos there is another one")
        return copy

    def add(self, fingerprint: str, path: bytes, content: bytes, *, last: bool) -> Path | None:
        """Take the next piece. Return the whole file after the last one, None before. Raise NotToBeHad."""
        try:
            if fingerprint not in self._open:
                place = self._place(fingerprint, path)
                self._open[fingerprint] = place, place.open("xb")
            place, file = self._open[fingerprint]
            file.write(content)
            if not last:
                return None
            del self._open[fingerprint]
            file.close()
            arrived = _is(place, fingerprint)
        except OSError as error:
            raise NotToBeHad(f"it cannot be kept there: {_reason(error)}") from error
        if not arrived:
            raise NotToBeHad("it did not arrive whole, or was changed while it was sent")
        return place

    def discard(self) -> None:
        """Remove all files of this task."""
        for _, file in self._open.values():
            file.close()
        self._open.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _place(self, fingerprint: str, path: bytes) -> Path:
        if not re.fullmatch(r"[0-9a-f]{32}", fingerprint):
            raise NotToBeHad("its fingerprint is none")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _, ending = os.path.splitext(path)  # noqa: PTH122  # some decoders look at it
        return self.folder / (fingerprint + (ending.decode() if _PLAIN_ENDING.fullmatch(ending) else ""))


def _is(file: Path, fingerprint: str) -> bool:
    """Return whether a file of our own has this content. Raise OSError."""
    return fingerprint_of(file, lambda: False) == fingerprint


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
