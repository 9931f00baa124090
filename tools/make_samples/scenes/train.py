"""Draw a train in the snow."""

from __future__ import annotations

from PIL import Image, ImageDraw

from tools.make_samples.scenes.canvas import H, Random, Scene, W, colour, disc, gradient


def train(random: Random, _variant: int) -> Scene:
    """Draw a red train below white mountains in falling snow."""
    view = gradient(colour(0.58, 0.25, 0.75), colour(0.58, 0.08, 0.95))
    draw = ImageDraw.Draw(view)
    for x in (40.0, 260.0, 470.0, 640.0):
        peak = random.uniform(0.12, 0.28) * H
        draw.polygon([(x - 320, H * 0.62), (x, peak), (x + 320, H * 0.62)], fill=(116, 128, 150))
        snow = [(x - 96, peak + 170), (x, peak), (x + 96, peak + 170), (x + 30, peak + 130), (x - 20, peak + 180)]
        draw.polygon(snow, fill=(248, 250, 253))
    draw.rectangle((0, H * 0.6, W, H), fill=(242, 246, 250))
    for _ in range(26):
        x, y, size = random.uniform(0, W), random.uniform(0.58, 0.95) * H, random.uniform(50, 110)
        for part in range(3):
            top, half = y - size * (0.6 + 0.45 * part), size / (2 + part)
            tier = [(x - half, top + size * 0.6), (x, top), (x + half, top + size * 0.6)]
            draw.polygon(tier, fill=(36, 78 + 10 * part, 62))
    flakes = [(random.uniform(0, W), random.uniform(0, H), random.uniform(60, 120)) for _ in range(60)]

    def picture(time: float) -> Image.Image:
        image = view.copy()
        draw = ImageDraw.Draw(image)
        y = H * 0.74
        draw.line((0, y + 62, W, y + 62), fill=(90, 84, 80), width=10)
        for wagon in range(5):
            x = -700 + 230 * time + wagon * 236
            draw.rounded_rectangle((x, y - 70, x + 224, y + 46), 16, fill=(196, 36, 40))
            draw.rectangle((x, y + 14, x + 224, y + 26), fill=(245, 240, 230))
            for window in range(4):
                left = x + 18 + window * 50
                draw.rounded_rectangle((left, y - 48, left + 38, y - 8), 6, fill=(250, 236, 180))
            for wheel in (44, 180):
                disc(draw, x + wheel, y + 50, 16, (40, 38, 40))
        for x, start, speed in flakes:
            disc(draw, x, (start + speed * time) % H, 5, (255, 255, 255))
        return image

    return picture
