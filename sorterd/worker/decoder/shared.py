"""Arrays from one process to another without a copy: in a memory file that nobody can change any more.

The decoder writes them into an anonymous file (memfd), seals it and passes it on. The worker accepts only a file that
is sealed against writing and shrinking: else the decoder could change what has been checked, or take memory away that
the worker is reading (SIGBUS).
"""

from __future__ import annotations

import fcntl
import mmap
import os
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from sorterd.features.audio import WINDOW, WINDOWS
from sorterd.features.container import CENTURY
from sorterd.features.mel import FRAMES, Spectrogram
from sorterd.features.picture import Picture
from sorterd.features.preprocess import Preprocessed, PreprocessOptions
from sorterd.features.stills import Stills
from sorterd.pictures import webp
from sorterd.worker.decoder.messages import Decoded
from sorterd.worker.wire import WireError

MOST_PIECES = 2 * WINDOWS + 1
"""Of speech: two neighbours together are longer than one window."""
assert WINDOW * 100 == FRAMES

SOUNDS = ("heard", "none", "unreadable")
SEALS = getattr(fcntl, "F_SEAL_SHRINK", 2) | getattr(fcntl, "F_SEAL_GROW", 4) | getattr(fcntl, "F_SEAL_WRITE", 8)


def offered() -> bool:
    """Return whether this system has sealed memory files."""
    if not hasattr(os, "memfd_create"):
        return False
    try:
        os.close(_sealed([b"some"]))
    except OSError:
        return False
    return True


def pack(result: Preprocessed) -> tuple[Decoded, int]:
    """Return the message about a result, and the descriptor of the memory file with its arrays."""
    stills = result.stills or Stills()
    message = Decoded(
        len(result.pictures),
        tuple(one.shape[1] for one in result.spectrograms),
        (len(stills.poster), len(stills.strip)),
        result.sound,
        result.complete,
        result.seconds,
    )
    return message, _sealed([*result.spectrograms, *result.pictures, stills.poster, stills.strip])


def unpack(message: Decoded, file: int, options: PreprocessOptions) -> Preprocessed:
    """Return the result, without a copy. Raise WireError if an honest decoder could not send this with these options.

    The descriptor can be closed afterwards.
    """
    _check(message, options)
    side = options.shape.size
    bands = [options.mels * columns * 4 for columns in message.columns]  # first: numbers must lie at multiples of four
    pixels = [side * side * 3] * message.pictures
    sizes = [*bands, *pixels, *message.images]
    parts = np.split(_mapped(file, sum(sizes)), np.cumsum(sizes)[:-1])
    spectrograms = [part.view(np.float32).reshape(options.mels, -1) for part in parts[: len(bands)]]
    if not all(np.isfinite(one).all() for one in spectrograms):
        raise WireError("finite numbers expected")
    return Preprocessed(
        [part.reshape(side, side, 3) for part in parts[len(bands) : -2]],
        spectrograms,
        message.sound,  # type: ignore[arg-type]  # checked above
        message.complete,
        _stills(parts[-2].tobytes(), parts[-1].tobytes()) if options.stills and options.frames else None,
        message.seconds,
    )


def _check(message: Decoded, options: PreprocessOptions) -> None:
    fewest = min(1, options.frames)
    if not fewest <= message.pictures <= options.frames:
        raise WireError(f"up to {options.frames} pictures expected, not {message.pictures}")
    if len(message.columns) > (MOST_PIECES if options.mels else 0):
        raise WireError(f"{len(message.columns)} pieces of speech")
    if not all(0 < columns <= FRAMES for columns in message.columns):
        raise WireError("pieces of speech of at most 30 s expected")
    if not all(0 <= size <= webp.MOST_BYTES for size in message.images):
        raise WireError("small images expected")
    if message.sound not in SOUNDS:
        raise WireError("a state of the sound expected")
    if not 0 <= message.seconds < CENTURY:
        raise WireError("a length expected")


def _stills(poster: bytes, strip: bytes) -> Stills:
    if (poster or strip) and not (webp.fits(poster, webp.POSTER) and webp.fits(strip, webp.STRIP)):
        raise WireError("two small WebP images expected")
    return Stills(poster, strip)


def _sealed(parts: Sequence[bytes | Picture | Spectrogram]) -> int:
    file = os.memfd_create("decoded", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        for part in parts:
            rest = memoryview(part if isinstance(part, bytes) else part.tobytes())
            while rest:
                rest = rest[os.write(file, rest) :]
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, SEALS)
    except BaseException:
        os.close(file)
        raise
    return file


def _mapped(file: int, size: int) -> NDArray[np.uint8]:
    """Return the bytes of a sealed memory file. Raise WireError if it is none, or not of this size."""
    seals = -1
    with suppress(OSError):  # no memory file
        seals = fcntl.fcntl(file, fcntl.F_GET_SEALS)
    if seals < 0 or seals & SEALS != SEALS:
        raise WireError("sealed memory expected")
    if os.fstat(file).st_size != size:
        raise WireError(f"{size:,} bytes expected, not {os.fstat(file).st_size:,}")
    if not size:
        return np.empty(0, np.uint8)
    return np.frombuffer(mmap.mmap(file, size, mmap.MAP_PRIVATE, mmap.PROT_READ), np.uint8)
