"""The messages between the worker and its decoders, as values. Arrays travel in memory of their own (`shared.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from sorterd.features.preprocess import PreprocessOptions


@dataclass(frozen=True, slots=True)
class Decode:
    """Read one file. Answered by `Decoded`, `Undecodable` or `Large`.

    It is given `seconds`. `large` allows pictures so large that only one such file may be decoded at a time.
    """

    path: bytes
    options: PreprocessOptions
    seconds: float
    large: bool = False


@dataclass(frozen=True, slots=True)
class Decoded:
    """What was read. `pictures` is their number, `columns` the length of each spectrogram.

    `images` are the sizes of the poster and of the strip in bytes, 0 if none were drawn. Spectrograms, pixels and
    images, in that order, come in shared memory.
    """

    pictures: int
    columns: tuple[int, ...]
    images: tuple[int, int]
    sound: str
    complete: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Why nothing was read, see `UnreadableVideo`."""

    reason: str
    transient: bool
    seems_whole: bool


@dataclass(frozen=True, slots=True)
class Large:
    """The pictures are large. Nothing was read."""


Answer = Decoded | Undecodable | Large
DecoderMessage = Decode | Answer

CLASSES: dict[str, type] = {kind.__name__: kind for kind in get_args(DecoderMessage)}
LIMIT = 1 << 16
"""Most bytes of a message: a path has 4,096."""
