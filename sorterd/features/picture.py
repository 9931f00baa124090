"""Turn one decoded frame into an upright RGB picture with square pixels, in the size that the image tower takes."""

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
"""RGB, [height, width, 3]; for the image tower both are its size."""

MAX_ASPECT = 16
"""A longer strip of pixels is squeezed, not scaled: only its middle square is kept anyway."""


@dataclass(frozen=True, slots=True)
class PictureShape:
    """What the image tower takes: pictures of `size` x `size`, either whole frames squashed or the middle cut out."""

    size: int
    fit: Literal["shortest", "squash", "longest"] = "shortest"


class Scaler:
    """Scales frames of one video, uncropped. It keeps the scaler between frames, because setting it up is costly."""

    def __init__(self, shape: PictureShape, pixel_aspect: Fraction | None = None) -> None:
        self._shape = shape
        self._aspect = float(pixel_aspect) if pixel_aspect and pixel_aspect > 0 else 1.0
        self._scaler = VideoReformatter()

    def __call__(self, frame: VideoFrame) -> Picture:
        """Return a decoded frame scaled, and turned as its metadata says."""
        width, height = scaled_size(frame.width * self._aspect, frame.height, self._shape)
        small = self._scaled(frame, width, height).to_ndarray().astype(np.uint8, copy=False)
        return np.ascontiguousarray(upright(small, frame))

    def _scaled(self, frame: VideoFrame, width: int, height: int) -> VideoFrame:
        """Return the frame in RGB and this size. Raise UnreadableVideo if nothing converts pixels of its kind."""
        # Swscale lacks some colour matrices: slightly wrong colours are better than none.
        for colours in (None, Colorspace.ITU709):
            try:
                if _can_be_scaled(frame):
                    return self._scaler.reformat(frame, width, height, "rgb24", colours, colours, "BICUBIC")
            except av.error.FFmpegError as error:
                if not is_lasting(error):
                    raise
        raise UnreadableVideo(f"has pictures in a pixel format that cannot be converted ({frame.format.name})")


class Shrinker:
    """Turns frames of one video into pictures for the image tower."""

    def __init__(self, shape: PictureShape, pixel_aspect: Fraction | None = None) -> None:
        self._size = shape.size
        self._scale = Scaler(shape, pixel_aspect)

    def __call__(self, frame: VideoFrame) -> Picture:
        """Return a decoded frame scaled, turned as its metadata says, and cut to the square."""
        return np.ascontiguousarray(centre_square(self._scale(frame), self._size))


def _can_be_scaled(frame: VideoFrame) -> bool:
    """Return False for raw sensor pictures of an odd size: swscale aborts the process on them (FFmpeg 8)."""
    return not frame.format.name.startswith("bayer") or (frame.width % 2 == 0 and frame.height % 2 == 0)


def upright(image: Picture, frame: VideoFrame) -> Picture:
    """Return the pixels of a frame turned and mirrored as its metadata says, to the nearest quarter turn.

    Its display matrix, 3 x 3 numbers row by row, sends (x, y) to (a x + c y, b x + d y) (libavutil/display.h).
    """
    try:
        matrix = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:  # PyAV 18 refuses all side data if it does not know one kind, such as FFmpeg 8's Exif
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
    """Return (width, height) to which a frame of this displayed size is scaled before its square is cut out.

    Rounds as torchvision's Resize does, so that pictures match those that CLIP was trained on.
    """
    size = shape.size
    if shape.fit == "squash":
        return size, size
    ratio = min(max(width / height, 1 / MAX_ASPECT), MAX_ASPECT)
    if shape.fit == "longest":
        return (size, max(1, int(size / ratio))) if ratio > 1 else (max(1, int(size * ratio)), size)
    return (int(size * ratio), size) if ratio > 1 else (size, int(size / ratio))


def centre_square(image: Picture, size: int) -> Picture:
    """Return the middle square of an image with this `size`. What lies outside a smaller image is black."""
    height, width = image.shape[:2]
    if height < size or width < size:
        canvas = np.zeros((max(height, size), max(width, size), 3), np.uint8)
        top, left = (canvas.shape[0] - height) // 2, (canvas.shape[1] - width) // 2
        canvas[top : top + height, left : left + width] = image
        image, (height, width) = canvas, canvas.shape[:2]
    top, left = (height - size) // 2, (width - size) // 2
    return image[top : top + size, left : left + size]
