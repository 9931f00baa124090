"""Draw a football pitch from above the stand: striped lawn, white lines, two teams, a ball."""

from __future__ import annotations

from PIL import Image, ImageDraw

from tools.make_samples.scenes.canvas import Colour, Draw, H, Random, Scene, W, colour, disc, grain, sway


def football(random: Random, variant: int) -> Scene:
    """Draw some moment of some match."""
    top = int(H * random.uniform(0.06, 0.16))
    pitch = _pitch(random, top, 6 + variant)
    teams = [colour(hue, 0.85, 0.85) for hue in (random.random() * 0.2, 0.55 + random.random() * 0.2)]
    players = [(random.uniform(0.08, 0.92) * W, random.uniform(top + 120, H - 90), random.random(), teams[i % 2])
               for i in range(int(random.integers(9, 15)))]  # fmt: skip
    players.sort(key=lambda player: player[1])
    x0, y0, pace = random.uniform(0.2, 0.8) * W, random.uniform(0.35, 0.7) * H, random.uniform(2.5, 4)

    def picture(time: float) -> Image.Image:
        image = pitch.copy()
        draw = ImageDraw.Draw(image)
        for x, y, phase, shirt in players:
            step = sway(time, 0.8, phase)
            _player(draw, x + 40 * sway(time, 5, phase), y + 24 * sway(time, 7, phase), 0.7 + 0.5 * y / H, shirt, step)
        x, y = x0 + 190 * sway(time, pace), y0 + 130 * sway(time, pace * 1.6, 0.2)
        disc(draw, x + 6, y + 14, 13, (30, 80, 30), 0.5)
        disc(draw, x, y, 13, (252, 252, 252))
        disc(draw, x, y, 5, (20, 20, 20))
        return image

    return picture


def _pitch(random: Random, top: int, stripes: int) -> Image.Image:
    image = Image.new("RGB", (W, H), (40, 48, 66))
    draw = ImageDraw.Draw(image)
    for _ in range(260):  # the crowd
        disc(draw, random.uniform(0, W), random.uniform(0, top), 6, colour(random.random(), 0.5, 0.8))
    green = random.uniform(0.29, 0.34)
    for stripe in range(stripes):
        upper, lower = (top + (H - top) * edge / stripes for edge in (stripe, stripe + 1))
        draw.rectangle((0, upper, W, lower), fill=colour(green, 0.7, 0.5 if stripe % 2 else 0.58))
    image = grain(image, 6, random, 2)
    draw = ImageDraw.Draw(image)
    white = (240, 244, 240)
    draw.rectangle((36, top + 36, W - 36, H + 60), outline=white, width=6)
    middle = random.uniform(0.55, 0.75) * H
    draw.line((36, middle, W - 36, middle), fill=white, width=6)
    draw.ellipse((W / 2 - 110, middle - 90, W / 2 + 110, middle + 90), outline=white, width=6)
    disc(draw, W / 2, middle, 7, white)
    draw.rectangle((W / 2 - 180, top + 36, W / 2 + 180, top + 190), outline=white, width=6)
    draw.rectangle((W / 2 - 84, top + 36, W / 2 + 84, top + 96), outline=white, width=6)
    draw.rectangle((W / 2 - 62, top - 12, W / 2 + 62, top + 36), outline=(250, 250, 250), width=8)
    for x in range(int(W / 2 - 56), int(W / 2 + 60), 14):
        draw.line((x, top - 10, x, top + 34), fill=(190, 196, 204), width=2)
    return image


def _player(draw: Draw, x: float, y: float, s: float, shirt: Colour, step: float) -> None:
    disc(draw, x + 4, y + 46 * s, 24 * s, (34, 92, 36), 0.3)
    for side in (-1, 1):
        foot = x + (10 + 12 * step) * side * s
        draw.line((x, y + 8 * s, foot, y + 44 * s), fill=(236, 200, 170), width=int(9 * s))
    draw.rectangle((x - 14 * s, y + 2 * s, x + 14 * s, y + 20 * s), fill=(245, 245, 245))
    draw.rounded_rectangle((x - 17 * s, y - 34 * s, x + 17 * s, y + 8 * s), 8, fill=shirt)
    disc(draw, x, y - 46 * s, 13 * s, (226, 180, 146))
    draw.chord((x - 13 * s, y - 60 * s, x + 13 * s, y - 34 * s), 180, 360, fill=(60, 40, 30))
