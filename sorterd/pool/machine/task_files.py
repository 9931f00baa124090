"""The files of a task on this machine: copied from the shared folder, or put together from pieces.

What is handed to the decoder is always a copy in a folder of our own, whose content has the fingerprint that home
named. So nothing that changes in the shared folder meanwhile, and no link in it, leads to other content.
"""

from __future__ import annotations

import asyncio
import errno
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from sorterd.library import openat
from sorterd.library.fingerprint import fingerprint as fingerprint_of
from sorterd.library.openat import opened_file
from sorterd.pool.messages import Piece, Source
from sorterd.worker.wire import WireError

_CHUNK = 1 << 20
_PLAIN_ENDING = re.compile(rb"\.[A-Za-z0-9]{1,8}")


class NotToBeHad(Exception):
    """A video of a task cannot be had. The message says why."""


@dataclass(slots=True)
class TaskFiles:
    """The files of one task, in a folder of their own. `shared` is the folder of videos, if there is one.

    `here` are the files that are complete. `arrived` is set when no more pieces are to come, and `failure` if one of
    them could not be kept. Raise WireError if a fingerprint is none: files are named after them.
    """

    folder: Path
    shared: Path | None
    sources: tuple[Source, ...]
    here: dict[str, Path] = field(default_factory=dict)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    failure: OSError | None = None
    _coming: dict[str, Source] = field(default_factory=dict)
    _open: dict[str, BinaryIO] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not all(re.fullmatch(r"[0-9a-f]{32}", source.fingerprint) for source in self.sources):
            raise WireError("a fingerprint that is none")
        self._coming = {source.fingerprint: source for source in self.sources if source.follows}
        self._look()

    def copy(self, source: Source) -> None:
        """Copy a video out of the shared folder. Raise NotToBeHad, or OSError if it cannot be kept here."""
        for chunk in self._read(source):
            self._write(source, chunk)
        self._complete(source, "the file of that name in the folder of videos there is another one")

    def add(self, piece: Piece) -> None:
        """Take the next piece of a video, the last of which completes it. Raise NotToBeHad."""
        source = self._coming.get(piece.fingerprint)
        if source is None:
            return
        try:
            self._write(source, piece.content)
            if piece.last:
                del self._coming[piece.fingerprint]
                self._complete(source, "it did not arrive whole, or was changed while it was sent")
        except OSError as error:
            self.failure = error
            self._coming.clear()
        finally:
            self._look()

    def discard(self) -> None:
        """Remove all files of this task."""
        for file in self._open.values():
            with suppress(OSError):  # what could not be written before cannot be now
                file.close()
        self._open.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _look(self) -> None:
        if not self._coming:
            self.arrived.set()

    def _read(self, source: Source) -> Iterator[bytes]:
        if self.shared is None:
            raise NotToBeHad("this machine has no folder of videos (--videos)")
        try:
            folder, name = openat.split(os.fsdecode(source.path))
            with openat.opened(self.shared, folder) as above, opened_file(above, name) as descriptor:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise OSError(errno.EINVAL, "not a regular file")
                os.set_blocking(descriptor, True)
                while chunk := os.read(descriptor, _CHUNK):
                    yield chunk
        except (OSError, openat.NotBeneath) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise NotToBeHad(f"it cannot be read in the folder of videos there: {reason}") from error
        yield b""  # of an empty file, too

    def _write(self, source: Source, content: bytes) -> None:
        if source.fingerprint not in self._open:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _, ending = os.path.splitext(source.path)  # noqa: PTH122  # some decoders look at it
            name = source.fingerprint + (ending.decode() if _PLAIN_ENDING.fullmatch(ending) else "")
            self._open[source.fingerprint] = (self.folder / name).open("xb")
        self._open[source.fingerprint].write(content)

    def _complete(self, source: Source, otherwise: str) -> None:
        """Close a file. Raise NotToBeHad with `otherwise` if it has another content than home knows."""
        file = self._open.pop(source.fingerprint)
        file.close()
        path = Path(file.name)
        if fingerprint_of(path, lambda: False) != source.fingerprint:
            path.unlink()
            raise NotToBeHad(otherwise)
        self.here[source.fingerprint] = path
