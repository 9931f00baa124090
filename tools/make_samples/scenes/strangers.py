"""Two scenes that belong to no folder of the library: a train in the snow, and a game of chess from above."""

from __future__ import annotations

from PIL import Image, ImageDraw

from tools.make_samples.scenes.canvas import H, Random, Scene, W, colour, disc, gradient, grain


def train(random: Random, _variant: int) -> Scene:
    """A red train below white mountains, snow falling."""
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


def chess(random: Random, _variant: int) -> Scene:
    """An opening: a board from above on a wooden table, one piece moving."""
    table = grain(gradient((122, 82, 50), (98, 64, 40)), 9, random, 3)
    draw = ImageDraw.Draw(table)
    cell, left, top = 72, 32, 280
    for row in range(8):
        for column in range(8):
            box = (left + column * cell, top + row * cell, left + (column + 1) * cell, top + (row + 1) * cell)
            draw.rectangle(box, fill=(236, 216, 180) if (row + column) % 2 == 0 else (150, 98, 62))

    def piece(draw: ImageDraw.ImageDraw, column: float, row: float, light: bool, tall: bool) -> None:
        x, y = left + (column + 0.5) * cell, top + (row + 0.5) * cell
        shade, edge = ((248, 244, 232), (110, 100, 84)) if light else ((40, 34, 32), (150, 140, 130))
        draw.ellipse((x - 26, y + 4, x + 26, y + 30), fill=shade, outline=edge, width=3)
        draw.polygon([(x - 17, y + 16), (x - 8, y - 18), (x + 8, y - 18), (x + 17, y + 16)], fill=shade, outline=edge)
        disc(draw, x, y - 22, 16 if tall else 12, shade)
        if tall:
            draw.line((x, y - 50, x, y - 34), fill=shade, width=6)

    def picture(time: float) -> Image.Image:
        image = table.copy()
        draw = ImageDraw.Draw(image)
        for column in range(8):
            for row, light, tall in ((0, False, True), (1, False, False), (6, True, False), (7, True, True)):
                if (column, row) != (4, 6):
                    piece(draw, column, row, light, tall)
        piece(draw, 4, 6 - min(2.0, time * 0.8), True, False)
        return image

    return picture
