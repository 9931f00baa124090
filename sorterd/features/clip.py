"""One file, its pictures and its sound: opened once, and a second time only if it is not what it claims to be."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import av
from av.container import InputContainer

from sorterd.features import heap
from sorterd.features.audio import Sound, listen
from sorterd.features.container import Unreadable, because, open_container, picture_stream, read_only
from sorterd.features.frames import pick, read_through
from sorterd.features.frames_decord import sample_by_decord
from sorterd.features.picture import Picture, PictureShape

LARGE = 2**22
"""Pixels of a picture above which a file is decoded alone: 8K (33 megapixels) takes 400 MB, 4K (8 megapixels) 100."""


@dataclass(frozen=True, slots=True)
class Clip:
    """What is seen and heard of one video: at least one picture, and its sound."""

    pictures: list[Picture]
    sound: Sound


def read_clip(
    path: bytes,
    count: int,
    shape: PictureShape,
    *,
    sound: bool,
    alone: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Clip:
    """Given an absolute path, return at most `count` pictures and, if `sound`, what is heard. Raise Unreadable, or
    MemoryError if it cannot be told whether the file or a lack of memory is to blame, for which others may be.

    Large pictures are decoded within `alone()`, from an open of their own.
    """
    try:
        return _read_clip(path, count, shape, sound=sound, alone=alone)
    except Unreadable as error:
        if not error.transient and heap.is_short():
            raise MemoryError(error.reason) from error
        raise


def _read_clip(
    path: bytes,
    count: int,
    shape: PictureShape,
    *,
    sound: bool,
    alone: Callable[[], AbstractContextManager[object]],
) -> Clip:
    try:
        with open_container(path) as container:
            if not _is_large(container):
                return _read(path, container, count, shape, sound=sound)
        with alone(), open_container(path) as container:
            return _read(path, container, count, shape, sound=sound)
    except av.error.FFmpegError as error:
        raise because(error) from error


def _is_large(container: InputContainer) -> bool:
    stream = picture_stream(container)
    return stream.codec_context is not None and stream.width * stream.height > LARGE


def _read(path: bytes, container: InputContainer, count: int, shape: PictureShape, *, sound: bool) -> Clip:
    return Clip(_look(path, container, count, shape), _hear(container) if sound else Sound("none"))


def _look(path: bytes, container: InputContainer, count: int, shape: PictureShape) -> list[Picture]:
    stream = picture_stream(container)
    if stream.codec_context is None:
        return sample_by_decord(path, count, shape)
    read_only(container, stream)
    pictures = pick(container, stream, count, shape)
    if len(pictures) == count:
        return pictures
    with open_container(path) as again:  # going back to the start by seeking is not reliable, in MPEG-TS for one
        return read_through(again, picture_stream(again), count, shape)


def _hear(container: InputContainer) -> Sound:
    read_only(container, container.streams.best("audio"))
    return listen(container)
