"""The tools of all scenes: a picture twice the size of the clip (scaled down, edges are smooth), colours, grain."""

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
    """Return a colour from numbers between 0 and 1. The hue is cyclic."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, min(max(saturation, 0), 1), min(max(value, 0), 1))
    return round(255 * red), round(255 * green), round(255 * blue)


def darker(shade: Colour, by: float) -> Colour:
    """Return the colour with `by` (0 to 1) of its light taken away. Negative values make it lighter."""
    red, green, blue = (min(255, max(0, round(part * (1 - by)))) for part in shade)
    return red, green, blue


def gradient(top: Colour, bottom: Colour, height: int = H) -> Image.Image:
    """Return a picture of full width that goes from one colour to another."""
    way = np.linspace(0, 1, height)[:, None, None]
    rows = np.array(top) * (1 - way) + np.array(bottom) * way
    return Image.fromarray(np.broadcast_to(rows, (height, W, 3)).astype(np.uint8))


def grain(picture: Image.Image, strength: float, random: Random, size: int = 2) -> Image.Image:
    """Return the picture with fine, still grain, like sand, a wall or a lawn. `size` is the size of one grain."""
    small = random.normal(0, strength, (picture.height // size + 1, picture.width // size + 1, 1))
    noise = small.repeat(size, 0).repeat(size, 1)[: picture.height, : picture.width]
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))


def disc(draw: Draw, x: float, y: float, radius: float, shade: Colour, squash: float = 1.0) -> None:
    """Draw a filled circle. `squash` below 1 makes it flat."""
    draw.ellipse((x - radius, y - radius * squash, x + radius, y + radius * squash), fill=shade)


def turned(x: float, y: float, length: float, angle: float) -> tuple[float, float]:
    """Return the point `length` away from (x, y) in direction `angle` (degrees, 0 to the right, 90 downwards)."""
    return x + length * math.cos(math.radians(angle)), y + length * math.sin(math.radians(angle))


def sway(time: float, seconds: float, phase: float = 0.0) -> float:
    """Return a number that swings between -1 and 1 with a period of `seconds`."""
    return math.sin(2 * math.pi * (time / seconds + phase))
