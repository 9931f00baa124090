"""Read the pictures and the sound of one file. It is opened a second time only if it is not what it claims to be."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal, NoReturn

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from sorterd.features import memory
from sorterd.features.audio import Sound, listen
from sorterd.features.container import UnreadableVideo, because, length, open_container, picture_stream, read_only
from sorterd.features.frames import ENCRYPTED, pick, read_through
from sorterd.features.picture import Picture, PictureShape, Scaler, Shrinker
from sorterd.features.stills import WHOLE, Stills, draw_stills

LARGE = 2**22
"""Pixels of a picture above which a file is decoded alone: 8K (33 megapixels) takes 400 MB, 4K (8 megapixels) 100."""

NO_DECODER = "is in a format that this machine has no decoder for"
NO_PACKETS = "is empty or cut off: there are no pictures in it"


@dataclass(frozen=True, slots=True)
class Clip:
    """The pictures, the sound and the length of one video. `stills` are for people, None if not asked for."""

    pictures: list[Picture]
    sound: Sound
    stills: Stills | None
    seconds: float


Decoder = Callable[[bytes, int, PictureShape], list[Picture]]
"""Given an absolute path, a number of pictures and their shape, returns up to that many pictures, or none."""


@dataclass(frozen=True, slots=True)
class _DecodeOptions:
    """What to read from a file, and how."""

    path: bytes
    count: int
    shape: PictureShape
    sound: bool
    stills: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    """One frame for the image tower and, if stills are wanted, uncropped."""

    picture: Picture
    whole: Picture | None


def read_clip(
    path: bytes,
    count: int,
    shape: PictureShape,
    *,
    sound: bool,
    stills: bool = False,
    alone: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Clip:
    """Return at most `count` pictures of the file at an absolute path and, if asked for, its sound and its stills.

    With a count of 0 only the sound is read. Otherwise there is at least one picture. Large pictures are decoded within
    `alone()`, from an open of their own. Raise UnreadableVideo, or MemoryError if other files may have used up the
    memory.
    """
    options = _DecodeOptions(path, count, shape, sound, stills)
    try:
        with open_container(path) as container:
            if not count or not _is_large(container):
                return _read(options, container)
        with alone(), open_container(path) as container:
            return _read(options, container)
    except av.error.FFmpegError as error:
        return _unless_memory_is_short(because(error))
    except UnreadableVideo as error:
        return _unless_memory_is_short(error)


def _unless_memory_is_short(reason: UnreadableVideo) -> NoReturn:
    if not reason.transient and memory.is_short():
        raise MemoryError(reason.reason) from reason
    raise reason


def _is_large(container: InputContainer) -> bool:
    stream = picture_stream(container)
    return stream.codec_context is not None and stream.width * stream.height > LARGE


def _read(options: _DecodeOptions, container: InputContainer) -> Clip:
    frames = _read_frames(options, container) if options.count else []
    return Clip(
        [frame.picture for frame in frames],
        _read_sound(options.path, container) if options.sound else Sound("none"),
        draw_stills([frame.whole for frame in frames if frame.whole is not None]) if options.stills else None,
        length(container),
    )


def _read_frames(options: _DecodeOptions, container: InputContainer) -> list[_Frame]:
    stream = picture_stream(container)
    try:
        return _decode_frames(options, container, stream)
    except (UnreadableVideo, av.error.FFmpegError) as error:
        refusal = error if isinstance(error, UnreadableVideo) else because(error)
        if refusal.transient:
            raise refusal from error
        if not _has_whole_packets(options.path, "video"):
            raise UnreadableVideo(NO_PACKETS) from error
        if _is_encrypted(options.path):
            raise UnreadableVideo(ENCRYPTED) from error
        raise UnreadableVideo(refusal.reason, seems_whole=True) from error


def _decode_frames(options: _DecodeOptions, container: InputContainer, stream: VideoStream) -> list[_Frame]:
    if stream.codec_context is None:
        raise UnreadableVideo(NO_DECODER)
    read_only(container, stream)
    frames = pick(container, stream, options.count, _converter(options, stream))
    if len(frames) == options.count:
        return frames
    with open_container(options.path) as again:  # in MPEG-TS, for one, seeking back to the start is not reliable
        stream = picture_stream(again)
        return read_through(again, stream, options.count, _converter(options, stream))


def _converter(options: _DecodeOptions, stream: VideoStream) -> Callable[[VideoFrame], _Frame]:
    shrink = Shrinker(options.shape, stream.sample_aspect_ratio)
    scale = Scaler(WHOLE, stream.sample_aspect_ratio) if options.stills else None
    return lambda frame: _Frame(shrink(frame), scale(frame) if scale else None)


def _read_sound(path: bytes, container: InputContainer) -> Sound:
    sound = listen(container)
    if sound.state == "unreadable":  # not every container can be sought in
        with open_container(path) as again:
            sound = listen(again, from_start=True)
    return Sound("none") if sound.state == "unreadable" and not _has_whole_packets(path, "audio") else sound


def _has_whole_packets(path: bytes, kind: Literal["audio", "video"]) -> bool:
    """Return whether the streams of a kind hold anything for a decoder to try."""
    with open_container(path) as container:
        streams = container.streams.audio if kind == "audio" else (picture_stream(container),)
        read_only(container, *streams)
        return any(packet.size and not packet.is_corrupt for packet in container.demux(*streams))


def _is_encrypted(path: bytes) -> bool:
    """Return whether the pictures are marked as encrypted (ISO/IEC 23001-7)."""
    with open_container(path) as container:
        return next(container.demux(picture_stream(container))).has_sidedata("encryption_info")
