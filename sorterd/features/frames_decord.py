"""Pick the same frames with decord, for files that seem whole but give PyAV none. frames.py says why decord is second.

decord hangs on some files and aborts the process on others (dmlc/decord#375, #229), so it runs only in a process that
may be lost: `worker.decoder`.
"""

from __future__ import annotations

import os

from av.video.frame import VideoFrame

from sorterd.features.container import UnreadableVideo
from sorterd.features.picture import Picture, PictureShape, Shrinker


def sample_by_decord(path: bytes, count: int, shape: PictureShape) -> list[Picture]:
    """Return the frames at the midpoints of `count` segments of a video, or all of its frames if it has fewer.

    Raise UnreadableVideo if decord cannot decode it.
    """
    import decord

    file = os.open(path, os.O_RDONLY)
    try:  # by descriptor: decord takes no names that are not UTF-8
        reader = decord.VideoReader(f"/proc/self/fd/{file}", num_threads=1)
        total = len(reader)
        wanted = range(total) if total <= count else [int((i + 0.5) * total / count) for i in range(count)]
        frames = reader.get_batch(list(wanted)).asnumpy()
    except (RuntimeError, decord.DECORDError) as error:  # the texts of decord's errors are pages of C++ stack
        raise UnreadableVideo("cannot be decoded by decord either") from error
    finally:
        os.close(file)
    shrink = Shrinker(shape)
    return [shrink(VideoFrame.from_ndarray(frame, format="rgb24")) for frame in frames]
