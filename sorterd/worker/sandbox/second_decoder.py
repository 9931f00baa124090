"""A second decoder for files that the first one cannot read, in a separate process for each file.

decord may hang or abort its process. The worker cannot start processes once its models are loaded (seccomp), so a small
one is forked before that. It waits for a path, forks a copy of itself that decodes the file, and returns the pixels. A
copy that dies costs only this file. The kernel ends one that hangs (by SIGALRM, which nothing in it handles).
"""

from __future__ import annotations

import importlib.util
import os
import signal
import struct
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgpack

from sorterd.worker import wire
from sorterd.worker.sandbox import limits, seccomp

if TYPE_CHECKING:
    from sorterd.features.picture import Picture, PictureShape

_LENGTH = struct.Struct(">I")

Decode = Callable[[bytes, int, "PictureShape"], "list[Picture]"]


def offered() -> bool:
    """Return whether decord is installed (it has wheels for x86-64 Linux only), without loading it."""
    return sys.platform == "linux" and importlib.util.find_spec("decord") is not None


class SecondDecoder:
    """Starts the process when created, so create it before there are threads. `seconds` is the limit for one file."""

    def __init__(self, seconds: float, decode: Decode | None = None) -> None:
        orders_out, self._orders = os.pipe()
        self._answers, answers_in = os.pipe()
        self._one_at_a_time = threading.Lock()
        self.pid = os.fork()
        if self.pid == 0:
            os.dup2(orders_out, 0)
            os.dup2(answers_in, 1)
            # Or the daemon would not see the worker's pipes close when the worker ends.
            os.closerange(3, os.sysconf("SC_OPEN_MAX"))
            _serve(seconds, decode or _by_decord)
        os.close(orders_out)
        os.close(answers_in)

    def __call__(self, path: bytes, count: int, shape: PictureShape) -> list[Picture]:
        """Return at most `count` pictures of the file at an absolute path, none if the decoder refused, hung or
        died."""
        import numpy as np

        order = msgpack.packb([path, count, shape.size, shape.fit])
        with self._one_at_a_time:
            try:
                wire.write_all(self._orders, _LENGTH.pack(len(order)) + order)
                pixels = _read_frame(self._answers)
            except OSError:  # it was killed, perhaps for lack of memory; then there is no second decoder
                return []
        side = shape.size
        whole = len(pixels) // (side * side * 3)
        if whole > count or len(pixels) != whole * side * side * 3:
            return []
        return list(np.frombuffer(pixels, np.uint8).reshape(whole, side, side, 3))

    def close(self) -> None:
        """End the process."""
        os.close(self._orders)
        os.close(self._answers)
        os.waitpid(self.pid, 0)


def _serve(seconds: float, decode: Decode) -> None:
    """Answer requests until there are no more. Does not return."""
    try:
        while order := _read_frame(0):
            path, count, size, fit = msgpack.unpackb(order)
            read, write = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(read)
                _decode_and_exit(write, seconds, decode, path, count, size, fit)
            os.close(write)
            with os.fdopen(read, "rb") as pipe:
                pixels = pipe.read(count * size * size * 3 + 1)
            sound = os.waitpid(child, 0)[1] == 0
            wire.write_all(1, _LENGTH.pack(len(pixels) if sound else 0) + (pixels if sound else b""))
    finally:
        os._exit(0)


def _decode_and_exit(write: int, seconds: float, decode: Decode, path: bytes, count: int, size: int, fit: str) -> None:
    """Write the pixels of one file and exit, with status 0 only if all went well."""
    status = 1
    try:
        limits.end_with_parent()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        from sorterd.features.container import UnreadableVideo
        from sorterd.features.picture import PictureShape

        try:
            for picture in decode(path, count, PictureShape(size, fit)):  # type: ignore[arg-type]
                wire.write_all(write, picture.tobytes())
            status = 0
        except UnreadableVideo:
            pass
    finally:
        os._exit(status)


def _by_decord(path: bytes, count: int, shape: PictureShape) -> list[Picture]:
    import decord  # noqa: F401 - loaded before its process can load nothing more

    from sorterd.features.frames_decord import sample_by_decord

    seccomp.give_up_calls()
    return sample_by_decord(path, count, shape)


def _read_frame(fd: int) -> bytes:
    """Read one frame of bytes, or b"" for an empty one and at the end."""
    header = _read_exactly(fd, _LENGTH.size)
    return _read_exactly(fd, *_LENGTH.unpack(header)) if header else b""


def _read_exactly(fd: int, size: int) -> bytes:
    """Read exactly that many bytes, or b"" if there are fewer before the end."""
    parts = bytearray()
    while len(parts) < size:
        data = os.read(fd, min(size - len(parts), 1 << 16))
        if not data:
            return b""
        parts += data
    return bytes(parts)
