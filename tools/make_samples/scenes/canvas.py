"""What all scenes draw with: a picture twice the size of the clip (scaled down, edges are smooth), colours, grain."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 320, 568
W, H = 2 * WIDTH, 2 * HEIGHT

Random = np.random.Generator
Colour = tuple[int, int, int]
Draw = ImageDraw.ImageDraw
Scene = Callable[[float], Image.Image]
"""A scene, once made up, gives the picture at a time in seconds."""


def colour(hue: float, saturation: float, value: float) -> Colour:
    """A colour from numbers between 0 and 1; the hue goes round."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, min(max(saturation, 0), 1), min(max(value, 0), 1))
    return round(255 * red), round(255 * green), round(255 * blue)


def darker(shade: Colour, by: float) -> Colour:
    """The colour with `by` (0 to 1) of its light taken away; below 0 makes it lighter."""
    red, green, blue = (min(255, max(0, round(part * (1 - by)))) for part in shade)
    return red, green, blue


def gradient(top: Colour, bottom: Colour, height: int = H) -> Image.Image:
    """A picture of full width that goes from one colour to another."""
    way = np.linspace(0, 1, height)[:, None, None]
    rows = np.array(top) * (1 - way) + np.array(bottom) * way
    return Image.fromarray(np.broadcast_to(rows, (height, W, 3)).astype(np.uint8))


def grain(picture: Image.Image, strength: float, random: Random, size: int = 2) -> Image.Image:
    """The picture with fine, unmoving grain, as of sand, wall or lawn; `size` is that of one grain."""
    small = random.normal(0, strength, (picture.height // size + 1, picture.width // size + 1, 1))
    noise = small.repeat(size, 0).repeat(size, 1)[: picture.height, : picture.width]
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))


def disc(draw: Draw, x: float, y: float, radius: float, shade: Colour, squash: float = 1.0) -> None:
    """A filled circle; `squash` below 1 makes it flat."""
    draw.ellipse((x - radius, y - radius * squash, x + radius, y + radius * squash), fill=shade)


def turned(x: float, y: float, length: float, angle: float) -> tuple[float, float]:
    """The point that lies `length` from (x, y) in the direction `angle`, in degrees, 0 to the right, 90 downwards."""
    return x + length * math.cos(math.radians(angle)), y + length * math.sin(math.radians(angle))


def sway(time: float, seconds: float, phase: float = 0.0) -> float:
    """A number that swings between -1 and 1 and is back after `seconds`."""
    return math.sin(2 * math.pi * (time / seconds + phase))
