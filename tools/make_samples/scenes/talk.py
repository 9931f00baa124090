"""Draw a person who talks into the camera in a plain room.

Every folder that is recognised by words has the same kinds of rooms and people, each once, so the picture says nothing
about the subject.
"""

from __future__ import annotations

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
)

SKINS: list[Colour] = [(244, 208, 178), (226, 178, 140), (190, 134, 96), (138, 92, 64), (94, 62, 46)]
HAIRS: list[Colour] = [(38, 28, 24), (92, 60, 36), (188, 142, 76), (150, 150, 152), (140, 58, 34)]


def talk(random: Random, variant: int) -> Scene:
    """Draw a person with some hair and clothes before a wall."""
    skin, hair = SKINS[variant % len(SKINS)], HAIRS[int(random.integers(len(HAIRS)))]
    shirt = colour(random.random(), random.uniform(0.2, 0.8), random.uniform(0.3, 0.85))
    long_hair, glasses = variant % 2 == 0, variant % 3 == 0
    wall = colour(random.random(), random.uniform(0.05, 0.3), random.uniform(0.6, 0.95))
    room = grain(gradient(wall, darker(wall, 0.15)), 4, random, 4)
    _shelf_or_lamp(ImageDraw.Draw(room), random, variant % 3)
    x0, y0, size = random.uniform(0.44, 0.56) * W, random.uniform(0.36, 0.44) * H, random.uniform(0.9, 1.2)
    nod = random.uniform(2, 4)

    def picture(time: float) -> Image.Image:
        image = room.copy()
        draw = ImageDraw.Draw(image)
        x, y, s = x0 + 10 * sway(time, nod), y0 + 6 * sway(time, 1.7), size
        if long_hair:
            behind = (x - 150 * s, y - 150 * s, x + 150 * s, y + 230 * s)
            draw.rounded_rectangle(behind, 120 * s, fill=darker(hair, 0.2))
        draw.rounded_rectangle((x0 - 270 * s, y0 + 250 * s, x0 + 270 * s, H + 200), 120 * s, fill=shirt)
        draw.rectangle((x - 52 * s, y + 110 * s, x + 52 * s, y + 280 * s), fill=darker(skin, 0.12))
        collar = [(x0 - 90 * s, y0 + 250 * s), (x0 + 90 * s, y0 + 250 * s), (x0, y0 + 350 * s)]
        draw.polygon(collar, fill=darker(skin, 0.08))
        draw.ellipse((x - 125 * s, y - 165 * s, x + 125 * s, y + 165 * s), fill=skin)
        draw.chord((x - 138 * s, y - 190 * s, x + 138 * s, y + 110 * s), 185, 355, fill=hair)
        _face(draw, x, y, s, skin, time, glasses)
        return image

    return picture


def _face(draw: Draw, x: float, y: float, s: float, skin: Colour, time: float, glasses: bool) -> None:
    shut = time % 2.7 < 0.2
    for side in (-1, 1):
        disc(draw, x + side * 50 * s, y - 15 * s, 20 * s, (250, 250, 250), 0.1 if shut else 0.6)
        if not shut:
            disc(draw, x + side * 50 * s + 4 * sway(time, 3), y - 15 * s, 10 * s, (50, 40, 34))
        brow = (x + side * 30 * s, y - 46 * s, x + side * 74 * s, y - 50 * s)
        draw.line(brow, fill=darker(skin, 0.6), width=int(8 * s))
        if glasses:
            box = (x + side * 50 * s - 38 * s, y - 46 * s, x + side * 50 * s + 38 * s, y + 18 * s)
            draw.rounded_rectangle(box, 16, outline=(30, 30, 34), width=6)
    draw.line((x, y - 4 * s, x - 8 * s, y + 40 * s, x + 10 * s, y + 44 * s), fill=darker(skin, 0.25), width=int(6 * s))
    opened = (0.25 + 0.75 * abs(sway(time, 0.46) * sway(time, 1.3))) * 26 * s
    draw.ellipse((x - 44 * s, y + 92 * s - opened, x + 44 * s, y + 92 * s + opened), fill=(150, 62, 62))
    draw.ellipse((x - 32 * s, y + 94 * s - opened * 0.5, x + 32 * s, y + 92 * s + opened * 0.7), fill=(80, 24, 28))


def _shelf_or_lamp(draw: Draw, random: Random, kind: int) -> None:
    x = random.choice([40.0, W - 160.0])
    if kind == 0:
        for row in range(3):
            y = 140 + 170 * row
            draw.rectangle((x - 30, y, x + 150, y + 12), fill=(120, 84, 56))
            for book in range(6):
                height = random.uniform(60, 110)
                left = x - 20 + book * 26
                draw.rectangle((left, y - height, left + 20, y), fill=colour(random.random(), 0.5, 0.7))
    elif kind == 1:
        draw.line((x + 60, 240, x + 60, H), fill=(70, 66, 64), width=10)
        draw.polygon([(x + 20, 130), (x + 100, 130), (x + 140, 250), (x - 20, 250)], fill=(250, 232, 180))
    else:
        draw.rectangle((x, 150, x + 120, 320), fill=(245, 243, 238), outline=(90, 80, 74), width=8)
        disc(draw, x + 60, 235, 36, colour(random.random(), 0.5, 0.8))
