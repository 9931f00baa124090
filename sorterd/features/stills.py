"""Draw the pictures of a video that people look at, from frames that are decoded for its features anyway.

Measured on one thread: 10 ms of processor time per video on the 56 samples (320x568), of which 4 are for scaling
uncropped frames, and 15 on clips of 576x1024. The features of a sample take 270.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, WebPImagePlugin

from sorterd.features.picture import Picture, PictureShape
from sorterd.pictures.webp import MOST_BYTES, POSTER, SHOTS

WHOLE = PictureShape(POSTER.width, "longest")
"""The uncropped frames that stills are drawn from."""

QUALITIES = (75, 50, 25)
"""The first that makes an image small enough is taken; only noise needs another than the first."""

EFFORT = 2  # of 6; 4 takes twice as long for 3 % fewer bytes


@dataclass(frozen=True, slots=True)
class Stills:
    """The middle frame, and up to SHOTS frames side by side at half its size. Both are WebP, or both empty."""

    poster: bytes = b""
    strip: bytes = b""


def draw_stills(frames: Sequence[Picture]) -> Stills:
    """Return the stills of a video, given at least one frame [height, width, 3], in order.

    Return none if this build of Pillow has no WebP.
    """
    if not WebPImagePlugin.SUPPORTED:  # imported by name: Pillow would load all of its formats to find this one
        return Stills()
    poster = _image(frames[len(frames) // 2])
    many = min(len(frames), SHOTS)
    shots = [_image(frames[int((i + 0.5) * len(frames) / many)]).reduce(2) for i in range(many)]
    strip = Image.new("RGB", (sum(shot.width for shot in shots), max(shot.height for shot in shots)))
    left = 0
    for shot in shots:
        strip.paste(shot, (left, (strip.height - shot.height) // 2))
        left += shot.width
    return Stills(_webp(poster), _webp(strip))


def _image(frame: Picture) -> Image.Image:
    image = Image.fromarray(frame)
    image.thumbnail((WHOLE.size, WHOLE.size))  # the squares of some image towers are larger
    return image


def _webp(image: Image.Image) -> bytes:
    data = b""
    for quality in QUALITIES:
        file = BytesIO()
        image.save(file, "WEBP", quality=quality, method=EFFORT)
        data = file.getvalue()
        if len(data) <= MOST_BYTES:
            break
    return data
