"""The same frames by decord, for codecs that the FFmpeg under PyAV was built without. frames.py says why not first."""

from __future__ import annotations

import importlib.util
import os

from av.codec import codecs_available
from av.video.frame import VideoFrame

from sorterd.features.container import Unreadable
from sorterd.features.picture import Picture, PictureShape, Shrinker

COMMON = {"h264", "hevc", "mpeg4", "vp8", "vp9"}
"""What some distributions build FFmpeg without. Where all are there, an unknown codec is a damaged file, and damaged
files are what decord hangs on or dies of."""

NO_DECODER = "is in a format that this machine has no decoder for"


def sample_by_decord(path: bytes, count: int, shape: PictureShape) -> list[Picture]:
    """Given a video, return the frames at the midpoints of `count` segments, or all of them if it has fewer.

    Raise Unreadable if decord cannot decode it either, or is not here (it has wheels for x86-64 Linux only).
    """
    if codecs_available >= COMMON or importlib.util.find_spec("decord") is None:
        raise Unreadable(NO_DECODER)
    import decord

    file = os.open(path, os.O_RDONLY)
    try:  # by descriptor: decord takes no names that are not UTF-8
        reader = decord.VideoReader(f"/proc/self/fd/{file}", num_threads=1)
        total = len(reader)
        wanted = range(total) if total <= count else [int((i + 0.5) * total / count) for i in range(count)]
        frames = reader.get_batch(list(wanted)).asnumpy()
    except (RuntimeError, decord.DECORDError) as error:  # decord's errors are pages of C++ stack
        raise Unreadable(NO_DECODER) from error
    finally:
        os.close(file)
    shrink = Shrinker(shape)
    return [shrink(VideoFrame.from_ndarray(frame, format="rgb24")) for frame in frames]
