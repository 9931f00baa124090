"""The same frames by decord, where PyAV gives none although the file seems whole. frames.py says why not first.

decord hangs on some files and aborts the process on others (dmlc/decord#375, #229), so this is called only in a process
that may be lost: `worker.second_decoder`.
"""

from __future__ import annotations

import os

from av.video.frame import VideoFrame

from sorterd.features.container import UnreadableVideo
from sorterd.features.picture import Picture, PictureShape, Shrinker


def sample_by_decord(path: bytes, count: int, shape: PictureShape) -> list[Picture]:
    """Given a video, return the frames at the midpoints of `count` segments, or all of them if it has fewer.

    Raise Unreadable if decord says that it cannot decode it.
    """
    import decord

    file = os.open(path, os.O_RDONLY)
    try:  # by descriptor: decord takes no names that are not UTF-8
        reader = decord.VideoReader(f"/proc/self/fd/{file}", num_threads=1)
        total = len(reader)
        wanted = range(total) if total <= count else [int((i + 0.5) * total / count) for i in range(count)]
        frames = reader.get_batch(list(wanted)).asnumpy()
    except (RuntimeError, decord.DECORDError) as error:  # decord's errors are pages of C++ stack
        raise UnreadableVideo("cannot be decoded by decord either") from error
    finally:
        os.close(file)
    shrink = Shrinker(shape)
    return [shrink(VideoFrame.from_ndarray(frame, format="rgb24")) for frame in frames]
