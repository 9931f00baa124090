"""Draw cats, from afar or close, in every coat, on a sofa, rug or lawn. They blink, look around and wag their tails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from tools.make_samples.scenes.canvas import (
    Colour,
    Draw,
    H,
    Random,
    Scene,
    W,
    colour,
    darker,
    disc,
    gradient,
    grain,
    sway,
    turned,
)

COATS: list[tuple[Colour, Colour]] = [
    ((222, 142, 62), (178, 96, 34)), ((128, 128, 134), (84, 84, 92)), ((48, 46, 50), (24, 23, 26)),
    ((238, 234, 226), (200, 188, 170)), ((170, 124, 84), (92, 62, 42)), ((196, 170, 138), (96, 76, 62)),
]  # fmt: skip
EYES: list[Colour] = [(140, 180, 60), (220, 170, 40), (90, 160, 190)]


@dataclass(frozen=True, slots=True)
class _Cat:
    fur: Colour
    stripe: Colour
    eyes: Colour
    striped: bool
    size: float
    x: float
    y: float
    blink: float


def cat(random: Random, variant: int) -> Scene:
    """Draw one cat at home."""
    fur, stripe = COATS[variant % len(COATS)]
    close = variant % 2 == 0
    it = _Cat(
        fur=fur,
        stripe=stripe,
        eyes=EYES[int(random.integers(len(EYES)))],
        striped=variant % 4 != 1,
        size=random.uniform(1.5, 1.9) if close else random.uniform(0.95, 1.25),
        x=random.uniform(0.4, 0.6) * W,
        y=(random.uniform(0.42, 0.52) if close else random.uniform(0.36, 0.5)) * H,
        blink=random.uniform(2, 3.5),
    )
    room = _room(random, variant % 3)

    def picture(time: float) -> Image.Image:
        image = room.copy()
        draw = ImageDraw.Draw(image)
        _tail(draw, it, time)
        _body(draw, it)
        _head(draw, it, time)
        return image

    return picture


def _room(random: Random, kind: int) -> Image.Image:
    floor = int(H * random.uniform(0.6, 0.75))
    wall = colour(random.random(), random.uniform(0.1, 0.35), random.uniform(0.65, 0.95))
    image = grain(gradient(wall, darker(wall, 0.1)), 5, random, 4)
    draw = ImageDraw.Draw(image)
    if kind == 0:  # a sofa
        shade = colour(random.random(), 0.45, random.uniform(0.4, 0.75))
        draw.rounded_rectangle((20, floor - 260, W - 20, H), 60, fill=shade)
        draw.rounded_rectangle((-40, floor, W + 40, H + 60), 50, fill=darker(shade, 0.15))
    elif kind == 1:  # boards and a rug
        draw.rectangle((0, floor, W, H), fill=(150, 104, 66))
        for y in range(floor, H, 44):
            draw.line((0, y, W, y), fill=(118, 80, 50), width=3)
        disc(draw, W / 2, floor + 170, 290, colour(random.random(), 0.5, 0.7), 0.4)
    else:  # a lawn before a hedge
        lawn = gradient(colour(0.3, 0.6, 0.45), colour(0.27, 0.7, 0.62), H - floor)
        image.paste(grain(lawn, 14, random, 3), (0, floor))
    return image


def _body(draw: Draw, it: _Cat) -> None:
    s = it.size
    at = _placed(it.x, it.y + 230 * s, s)
    draw.ellipse(at(-125, -170, 125, 170), fill=it.fur)
    draw.ellipse(at(-60, -110, 60, 130), fill=darker(it.fur, -0.18))
    for side in (-1, 1):
        for row in range(4 if it.striped else 0):
            top = -90 + row * 55
            draw.polygon(at(side * 118, top, side * 62, top + 14, side * 118, top + 24), fill=it.stripe)
        paw = side * 45
        draw.rounded_rectangle(at(paw - 32, 40, paw + 32, 190), 30 * s, fill=darker(it.fur, 0.06))
        for toe in (-12, 0, 12):
            draw.line(at(paw + toe, 168, paw + toe, 188), fill=it.stripe, width=int(3 * s))


def _tail(draw: Draw, it: _Cat, time: float) -> None:
    angle = 20.0
    points = [(it.x + 90 * it.size, it.y + 340 * it.size)]
    for _ in range(9):
        angle -= 14 + 9 * sway(time, 2.4)
        points.append(turned(*points[-1], 34 * it.size, angle))
    for number, (x, y) in enumerate(points):
        disc(draw, x, y, 24 * it.size, it.stripe if it.striped and number % 3 == 2 else it.fur)


def _head(draw: Draw, it: _Cat, time: float) -> None:
    s = it.size
    at = _placed(it.x + 14 * sway(time, 4), it.y, s)
    for side in (-1, 1):
        draw.polygon(at(side * 128, -190, side * 30, -100, side * 132, -20), fill=it.fur)
        draw.polygon(at(side * 114, -150, side * 60, -96, side * 116, -50), fill=(226, 160, 160))
    draw.ellipse(at(-140, -118, 140, 112), fill=it.fur)
    for offset in (-34, 0, 34) if it.striped else ():
        draw.polygon(at(offset - 9, -114, offset + 9, -114, offset, -58), fill=it.stripe)
    for side in (-1, 1):
        draw.ellipse(at(side * 34 - 44, 17, side * 34 + 44, 87), fill=darker(it.fur, -0.25))
        _eye(draw, at, it, side * 62, time)
    dark, thin = darker(it.fur, 0.5), int(4 * s)
    draw.polygon(at(-16, 26, 16, 26, 0, 44), fill=(214, 120, 124))
    draw.line(at(0, 44, 0, 64), fill=dark, width=thin)
    for side in (-1, 1):
        draw.arc(at(min(0, side * 44), 44, max(0, side * 44), 80), 20, 160, fill=dark, width=thin)
        for row in (-1, 0, 1):
            whisker = at(side * 50, 50 + row * 8, side * 190, 44 + row * 26)
            draw.line(whisker, fill=(245, 242, 238), width=max(2, int(2.5 * s)))


def _eye(draw: Draw, at: _Place, it: _Cat, x: float, time: float) -> None:
    if time % it.blink < 0.25:
        draw.ellipse(at(x - 34, -16, x + 34, -8), fill=it.eyes)
        return
    look = 8 * sway(time, 5)
    draw.ellipse(at(x - 34, -41, x + 34, 17), fill=it.eyes)
    draw.ellipse(at(x - 9 + look, -38, x + 9 + look, 14), fill=(16, 14, 18))
    draw.ellipse(at(x - 18, -30, x - 6, -18), fill=(255, 255, 255))


_Place = Callable[..., list[float]]


def _placed(x: float, y: float, scale: float) -> _Place:
    """Turn x, y, x, y, ... measured from the middle of a part into positions in the picture."""
    return lambda *numbers: [scale * number + (y if i % 2 else x) for i, number in enumerate(numbers)]
