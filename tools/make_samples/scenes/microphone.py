"""Draw a podcast without people: a microphone in a dark studio and a waveform that moves with the voice."""

from __future__ import annotations

from PIL import Image, ImageDraw

from tools.make_samples.scenes.canvas import H, Random, Scene, W, colour, darker, disc, gradient, sway


def microphone(random: Random, variant: int) -> Scene:
    """Draw a studio in some light."""
    hue = variant / 6 + random.uniform(0, 0.1)
    studio = gradient(colour(hue, 0.6, random.uniform(0.12, 0.3)), colour(hue + 0.1, 0.7, 0.08))
    draw = ImageDraw.Draw(studio)
    for _ in range(int(random.integers(2, 6))):  # foam tiles on the wall
        x, y, size = random.uniform(0, W), random.uniform(0, 0.4) * H, random.uniform(60, 130)
        draw.rectangle((x, y, x + size, y + size), fill=darker(colour(hue, 0.5, 0.25), 0.2))
        draw.polygon([(x, y), (x + size, y), (x + size / 2, y + size / 2)], fill=colour(hue, 0.5, 0.3))
    x, y, s = random.uniform(0.35, 0.65) * W, random.uniform(0.32, 0.42) * H, random.uniform(0.9, 1.25)
    body = darker((200, 200, 206), random.uniform(0, 0.6))
    draw.line((x, y + 150 * s, x, H), fill=(70, 70, 76), width=int(20 * s))
    draw.ellipse((x - 150 * s, H - 60, x + 150 * s, H + 40), fill=(50, 50, 56))
    draw.arc((x - 120 * s, y - 40 * s, x + 120 * s, y + 200 * s), 0, 180, fill=(84, 84, 90), width=int(16 * s))
    draw.rounded_rectangle((x - 82 * s, y - 190 * s, x + 82 * s, y + 150 * s), 80 * s, fill=body)
    for row in range(11):
        top = y - 168 * s + row * 19 * s
        draw.line((x - 74 * s, top, x + 74 * s, top), fill=darker(body, 0.45), width=int(5 * s))
    for column in range(-3, 4):
        across = x + column * 22 * s
        draw.line((across, y - 180 * s, across, y + 30 * s), fill=darker(body, 0.45), width=int(4 * s))
    draw.rectangle((x - 82 * s, y + 34 * s, x + 82 * s, y + 58 * s), fill=colour(hue + 0.5, 0.6, 0.8))
    disc(draw, x, y + 104 * s, 12 * s, (235, 60, 50))
    bars, level, shade = int(random.integers(14, 26)), random.uniform(0.68, 0.82) * H, colour(hue + 0.45, 0.7, 0.95)

    def picture(time: float) -> Image.Image:
        image = studio.copy()
        draw = ImageDraw.Draw(image)
        for bar in range(bars):
            height = 12 + 90 * abs(sway(time, 0.9, bar / 9) * sway(time, 0.37, bar / 4))
            left = 30 + bar * (W - 60) / bars
            draw.rounded_rectangle((left, level - height, left + (W - 60) / bars * 0.6, level + height), 8, fill=shade)
        return image

    return picture
