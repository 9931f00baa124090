"""One decoded frame -> a small, upright, square-pixelled RGB picture of the size that the image tower wants."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import av
import numpy as np
from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, VideoReformatter
from numpy.typing import NDArray

from sorterd.features.container import UnreadableVideo, is_lasting

Picture = NDArray[np.uint8]
"""RGB, [size, size, 3]."""

MAX_ASPECT = 16
"""A strip of pixels longer than this is squeezed, not scaled: its middle square is all that is kept anyway."""


@dataclass(frozen=True, slots=True)
class PictureShape:
    """What the image tower takes: pictures of `size` x `size`, whole frames squashed into it or its middle cut out."""

    size: int
    fit: Literal["shortest", "squash", "longest"] = "shortest"


class Shrinker:
    """Turns frames of one video into pictures; keeps the scaler between frames, which is costly to set up."""

    def __init__(self, shape: PictureShape, pixel_aspect: Fraction | None = None) -> None:
        self._shape = shape
        self._aspect = float(pixel_aspect) if pixel_aspect and pixel_aspect > 0 else 1.0
        self._scaler = VideoReformatter()

    def __call__(self, frame: VideoFrame) -> Picture:
        """Given a decoded frame, return it scaled, turned as its metadata says, and cut to the wanted square."""
        width, height = scaled_size(frame.width * self._aspect, frame.height, self._shape)
        small = self._scaled(frame, width, height).to_ndarray().astype(np.uint8, copy=False)
        return np.ascontiguousarray(centre_square(upright(small, frame), self._shape.size))

    def _scaled(self, frame: VideoFrame, width: int, height: int) -> VideoFrame:
        """Return the frame in RGB and this size. Raise Unreadable if its pixels are of a kind that nothing converts."""
        for colours in (None, Colorspace.ITU709):  # a matrix that swscale lacks: a little off is better than nothing
            try:
                if _can_be_scaled(frame):
                    return self._scaler.reformat(frame, width, height, "rgb24", colours, colours, "BICUBIC")
            except av.error.FFmpegError as error:
                if not is_lasting(error):
                    raise
        raise UnreadableVideo(f"has pictures in a pixel format that cannot be converted ({frame.format.name})")


def _can_be_scaled(frame: VideoFrame) -> bool:
    """False for raw sensor pictures of an odd size, at which swscale aborts the process (FFmpeg 8)."""
    return not frame.format.name.startswith("bayer") or (frame.width % 2 == 0 and frame.height % 2 == 0)


def upright(image: Picture, frame: VideoFrame) -> Picture:
    """Given the pixels of a frame, return them turned and mirrored as its metadata says, to the nearest quarter turn.

    Its display matrix, 3 x 3 numbers row by row, sends (x, y) to (a x + c y, b x + d y) (libavutil/display.h).
    """
    try:
        matrix = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:  # PyAV 18 knows not all kinds that FFmpeg 8 has, and refuses all if there is one such: Exif
        return np.rot90(image, round(frame.rotation / 90) % 4)
    if not isinstance(matrix, SideData):
        return image
    a, b, _, c, d = np.frombuffer(bytes(matrix), "=i4")[:5].astype(float)
    if abs(b) + abs(c) > abs(a) + abs(d):
        image, to_right, to_bottom = image.swapaxes(0, 1), c, b
    else:
        to_right, to_bottom = a, d
    return image[:: -1 if to_bottom < 0 else 1, :: -1 if to_right < 0 else 1]


def scaled_size(width: float, height: float, shape: PictureShape) -> tuple[int, int]:
    """Given the size of a frame as it is shown, return (width, height) to scale it to, before its square is cut out.

    The same rounding as torchvision's Resize, so that pictures match the ones that CLIP was trained on.
    """
    size = shape.size
    if shape.fit == "squash":
        return size, size
    ratio = min(max(width / height, 1 / MAX_ASPECT), MAX_ASPECT)
    if shape.fit == "longest":
        return (size, max(1, int(size / ratio))) if ratio > 1 else (max(1, int(size * ratio)), size)
    return (int(size * ratio), size) if ratio > 1 else (size, int(size / ratio))


def centre_square(image: Picture, size: int) -> Picture:
    """Given an image, return its middle square of `size`; what lies outside a smaller image is black."""
    height, width = image.shape[:2]
    if height < size or width < size:
        canvas = np.zeros((max(height, size), max(width, size), 3), np.uint8)
        top, left = (canvas.shape[0] - height) // 2, (canvas.shape[1] - width) // 2
        canvas[top : top + height, left : left + width] = image
        image, (height, width) = canvas, canvas.shape[:2]
    top, left = (height - size) // 2, (width - size) // 2
    return image[top : top + size, left : left + size]
