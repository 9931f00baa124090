"""One file opened once: its pictures and its sound."""

from __future__ import annotations

from dataclasses import dataclass

import av

from sorterd.features.audio import Sound, listen
from sorterd.features.container import Unreadable, open_container, picture_stream, read_only
from sorterd.features.frames import sample
from sorterd.features.frames_decord import sample_by_decord
from sorterd.features.picture import Picture, PictureShape


@dataclass(frozen=True, slots=True)
class Clip:
    """What is seen and heard of one video: at least one picture, and its sound."""

    pictures: list[Picture]
    sound: Sound


def read_clip(path: bytes, count: int, shape: PictureShape, *, sound: bool) -> Clip:
    """Given an absolute path, return at most `count` pictures and, if `sound`, what is heard. Raise Unreadable."""
    with open_container(path) as container:
        try:
            stream = picture_stream(container)
            if stream.codec_context is None:
                pictures = sample_by_decord(path, count, shape)
            else:
                read_only(container, stream)
                pictures = sample(container, stream, count, shape)
            if not sound:
                return Clip(pictures, Sound("none"))
            read_only(container, container.streams.best("audio"))
            return Clip(pictures, listen(container))
        except av.error.FFmpegError as error:
            raise Unreadable(f"cannot be read: {error.strerror}", transient=isinstance(error, OSError)) from error
