"""Draw sea, sand and sky, sometimes with an umbrella, a palm, sails, a ball or towels."""

from __future__ import annotations

import math

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


def beach(random: Random, variant: int) -> Scene:
    """Draw a bay in some weather, at some time of the day."""
    evening = variant % 3 == 2
    horizon = int(H * random.uniform(0.25, 0.42))
    shore = int(horizon + H * random.uniform(0.15, 0.28))
    background = _sky_and_sea(random, evening, horizon, shore)
    props = [_umbrella, _palm, _towel, _ball, _umbrella]
    chosen = [props[int(i)] for i in random.choice(len(props), int(random.integers(1, 4)), replace=False)]
    placed = [(prop, random.uniform(0.15, 0.85) * W, random.uniform(0.1, 0.75), colour(random.random(), 0.8, 0.9))
              for prop in chosen]  # fmt: skip
    placed.sort(key=lambda item: item[2])
    sails = [(random.uniform(0.1, 0.9) * W, random.uniform(0.6, 1.3)) for _ in range(int(random.integers(0, 4)))]
    speed = random.uniform(2.5, 4)

    def picture(time: float) -> Image.Image:
        image = background.copy()
        draw = ImageDraw.Draw(image)
        for x, size in sails:
            _sail(draw, x + 12 * time, horizon + 6, size)
        _surf(draw, shore, time, speed)
        for prop, x, depth, shade in placed:
            y = shore + depth * (H - shore) + 60
            prop(draw, x, y, 0.7 + 0.8 * depth, shade, time)
        return image

    return picture


def _sky_and_sea(random: Random, evening: bool, horizon: int, shore: int) -> Image.Image:
    if evening:
        sky = gradient(colour(0.6, 0.4, 0.55), colour(0.07, 0.6, 1), horizon)
        sea = gradient(colour(0.05, 0.45, 0.8), colour(0.55, 0.5, 0.55), shore - horizon)
    else:
        sky = gradient(colour(0.57, random.uniform(0.5, 0.8), 0.9), colour(0.54, 0.2, 1), horizon)
        hue = random.uniform(0.48, 0.58)
        sea = gradient(colour(hue, 0.9, 0.6), colour(hue - 0.03, 0.55, 0.85), shore - horizon)
    sand = colour(random.uniform(0.09, 0.12), random.uniform(0.25, 0.4), 0.93)
    image = Image.new("RGB", (W, H))
    image.paste(sky, (0, 0))
    image.paste(sea, (0, horizon))
    image.paste(grain(gradient(darker(sand, 0.12), sand, H - shore), 9, random), (0, shore))
    draw = ImageDraw.Draw(image)
    disc(draw, random.uniform(0.1, 0.9) * W, horizon * (0.8 if evening else random.uniform(0.2, 0.5)), 50,
         colour(0.13, 0.4, 1))  # fmt: skip
    for _ in range(int(random.integers(0, 5))):
        x, y = random.uniform(0, 1) * W, random.uniform(0.1, 0.7) * horizon
        for part in range(5):
            disc(draw, x + 34 * (part - 2), y + random.uniform(-8, 8), random.uniform(20, 36), (250, 250, 252), 0.55)
    for _ in range(45):  # glints on the water
        y = random.uniform(horizon + 6, shore - 6)
        x, length = random.uniform(0, W), (y - horizon) / 4 + 6
        draw.line((x, y, x + length, y), fill=(235, 246, 250), width=2)
    return image


def _surf(draw: Draw, shore: int, time: float, seconds: float) -> None:
    reach = 22 * sway(time, seconds)
    for row, shade in enumerate([(150, 205, 215), (245, 250, 252), (214, 196, 158)]):
        top = shore - 36 + 18 * row + reach
        edge = [
            (x, top + 9 * math.sin(x / 55 + row + time) + 5 * math.sin(x / 23 - time)) for x in range(0, W + 16, 16)
        ]
        bottom = top + (40 if row == 0 else 18)
        draw.polygon([*edge, (W, bottom), (0, bottom)], fill=shade)


def _sail(draw: Draw, x: float, y: float, size: float) -> None:
    draw.polygon([(x, y), (x, y - 80 * size), (x + 44 * size, y)], fill=(250, 250, 245))
    draw.polygon([(x - 6, y), (x - 6, y - 60 * size), (x - 34 * size, y)], fill=(235, 235, 225))
    keel = y + 18 * size
    hull = [(x - 40 * size, y + 4), (x + 48 * size, y + 4), (x + 30 * size, keel), (x - 26 * size, keel)]
    draw.polygon(hull, fill=(120, 70, 50))


def _umbrella(draw: Draw, x: float, y: float, size: float, shade: Colour, time: float) -> None:
    top = y - 260 * size
    tilt = 6 * sway(time, 4)
    draw.line((x, y, x + tilt, top), fill=(240, 235, 225), width=int(9 * size))
    width = 150 * size
    for part in range(8):
        start = 180 + part * 22.5
        box = (x - width + tilt, top - 30 * size, x + width + tilt, top + 190 * size)
        draw.pieslice(box, start, start + 22.5, fill=shade if part % 2 else (250, 248, 240))
    disc(draw, x, y + 4, 46 * size, (190, 165, 120), 0.25)


def _palm(draw: Draw, x: float, y: float, size: float, _shade: Colour, time: float) -> None:
    bend = 50 * size
    points = [(x + bend * (step / 8) ** 2, y - 58 * size * step) for step in range(9)]
    draw.line(points, fill=(120, 85, 55), width=int(24 * size), joint="curve")
    top_x, top_y = points[-1]
    for leaf in range(9):
        angle = leaf * 40 + 5 * sway(time, 3, leaf / 9)
        tip = turned(top_x, top_y, 190 * size, angle)
        left, right = turned(top_x, top_y, 100 * size, angle - 16), turned(top_x, top_y, 100 * size, angle + 16)
        green = colour(0.33, 0.7, 0.35 + 0.03 * leaf)
        draw.polygon([(top_x, top_y), left, (tip[0], tip[1] + 60 * size), right], fill=green)


def _towel(draw: Draw, x: float, y: float, size: float, shade: Colour, _time: float) -> None:
    for stripe in range(5):
        left = x - 130 * size + stripe * 52 * size
        far = y - 70 * size
        corners = [(left, y), (left + 52 * size, y), (left + 82 * size, far), (left + 30 * size, far)]
        draw.polygon(corners, fill=shade if stripe % 2 else (248, 246, 240))


def _ball(draw: Draw, x: float, y: float, size: float, shade: Colour, time: float) -> None:
    x, y = x + 60 * time, y - abs(70 * sway(time, 2.2))
    radius = 48 * size
    for part in range(6):
        start = part * 60 + 90 * time
        draw.pieslice((x - radius, y - radius, x + radius, y + radius), start, start + 60,
                      fill=shade if part % 2 else (250, 250, 250))  # fmt: skip
