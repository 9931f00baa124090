"""Draw a city at night: towers with lit windows, sometimes a moon, a street with the lights of cars."""

from __future__ import annotations

from PIL import Image, ImageDraw

from tools.make_samples.scenes.canvas import Colour, Draw, H, Random, Scene, W, colour, darker, disc, gradient, sway


def city(random: Random, variant: int) -> Scene:
    """Draw a skyline from some roof. Windows go on and off, and cars drive."""
    hue = random.uniform(0.58, 0.75)
    image = gradient(colour(hue, 0.8, 0.1), colour(hue + random.uniform(-0.1, 0.2), 0.6, random.uniform(0.25, 0.4)))
    street = int(H * random.uniform(0.78, 0.9))
    draw = ImageDraw.Draw(image)
    for _ in range(70):
        disc(draw, random.uniform(0, W), random.uniform(0, H * 0.5), random.uniform(1, 2.5), (220, 225, 240))
    if variant % 3 == 2:
        x, y, radius = random.uniform(0.15, 0.85) * W, random.uniform(0.08, 0.2) * H, random.uniform(35, 65)
        disc(draw, x, y, radius, (240, 236, 215))
        if random.random() < 0.5:
            disc(draw, x + radius * 0.45, y - radius * 0.2, radius * 0.9, colour(hue, 0.8, 0.12))
    windows = [light for layer in (0, 1, 2) for light in _towers(draw, random, layer, street, hue)]
    draw.rectangle((0, street, W, H), fill=(22, 22, 28))
    for x in range(20, W, 110):
        draw.line((x, (street + H) / 2, x + 50, (street + H) / 2), fill=(150, 140, 90), width=4)
    flicker = [windows[int(i)] for i in random.choice(len(windows), min(24, len(windows)), replace=False)]
    cars = [(random.uniform(-200, W), random.uniform(120, 320) * (1 if i % 2 else -1), i) for i in range(5)]
    background = image

    def picture(time: float) -> Image.Image:
        frame = background.copy()
        draw = ImageDraw.Draw(frame)
        for number, (box, shade) in enumerate(flicker):
            draw.rectangle(box, fill=shade if sway(time, 3 + number % 4, number / 7) > 0 else (20, 22, 35))
        for start, speed, number in cars:
            x = (start + speed * time) % (W + 400) - 200
            y = street + (H - street) * (0.3 if speed > 0 else 0.72)
            _car(draw, x, y, speed > 0, colour(number / 5 + hue, 0.6, 0.5))
        return frame

    return picture


Window = tuple[tuple[float, float, float, float], Colour]


def _towers(draw: Draw, random: Random, layer: int, street: int, hue: float) -> list[Window]:
    windows: list[Window] = []
    x = -random.uniform(0, 80)
    while x < W:
        width = random.uniform(80, 180)
        top = street - H * random.uniform(0.2 + 0.12 * (2 - layer), 0.38 + 0.14 * (2 - layer))
        wall = darker(colour(hue, 0.45, 0.3), 0.35 * layer)
        draw.rectangle((x, top, x + width, street), fill=wall)
        if random.random() < 0.3:
            draw.line((x + width / 2, top, x + width / 2, top - random.uniform(40, 110)), fill=wall, width=6)
        step = random.uniform(20, 32)
        lit = random.uniform(0.35, 0.75)
        glow = colour(random.uniform(0.08, 0.16), random.uniform(0.3, 0.7), 1)
        for row in range(int((street - top - 20) / step)):
            for column in range(int((width - 14) / step)):
                if random.random() < lit:
                    left, upper = x + 10 + column * step, top + 14 + row * step
                    box = (left, upper, left + step * 0.5, upper + step * 0.6)
                    shade = darker(glow, random.uniform(0, 0.4))
                    draw.rectangle(box, fill=shade)
                    windows.append((box, shade))
        x += width + random.uniform(-10, 24)
    return windows


def _car(draw: Draw, x: float, y: float, rightwards: bool, shade: Colour) -> None:
    front = 1 if rightwards else -1
    draw.rounded_rectangle((x - 62, y - 22, x + 62, y + 12), 14, fill=shade)
    draw.rounded_rectangle((x - 34, y - 44, x + 34, y - 14), 14, fill=darker(shade, 0.4))
    for wheel in (-38, 38):
        disc(draw, x + wheel, y + 14, 13, (8, 8, 10))
    tip = x + front * 62
    draw.polygon([(tip, y - 10), (tip + front * 150, y - 34), (tip + front * 150, y + 26)], fill=(96, 92, 64))
    disc(draw, tip, y - 6, 8, (255, 250, 210))
    disc(draw, x - front * 62, y - 6, 7, (230, 40, 35))
