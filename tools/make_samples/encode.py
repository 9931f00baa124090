"""Encode pictures and sound as a small mp4 that plays everywhere: H.264 and AAC, mono, a few kilobytes a second."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from tools.make_samples.scenes.canvas import HEIGHT, WIDTH
from tools.make_samples.speech import RATE, Sound

FRAMES_PER_SECOND = 12
SPEECH_RATE = 16_000  # what Whisper listens at; at so few bits the higher tones would cost clarity


def write_clip(path: Path, pictures: Iterable[Image.Image], sound: Sound | None) -> None:
    """Write the clip. Without `sound` it has no audio track at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        video = container.add_stream("libx264", FRAMES_PER_SECOND)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.options = {"crf": "33", "preset": "veryslow", "tune": "animation", "bf": "3", "g": "60", "threads": "1"}
        audio = None if sound is None else container.add_stream("aac", SPEECH_RATE, layout="mono", bit_rate=26_000)
        for number, picture in enumerate(pictures):
            small = np.asarray(picture.resize((WIDTH, HEIGHT), Image.Resampling.BOX))
            frame = av.VideoFrame.from_ndarray(small, "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if audio is not None and sound is not None:
            for start in range(0, sound.size, 1024):
                samples = np.ascontiguousarray(sound[None, start : start + 1024])
                block = av.AudioFrame.from_ndarray(samples, "fltp", "mono")
                block.sample_rate, block.pts, block.time_base = RATE, start, Fraction(1, RATE)
                container.mux(audio.encode(block))
            container.mux(audio.encode())
