"""Make clips like those that people save: upright, 12-22 s, 576x1024, H.264 and AAC, two thirds with speech.

    python benchmarks/made_clips.py FOLDER [--count 12]

They are made from the samples. Each shows several samples one after the other, enlarged, with film grain and a slow
pan, and a keyframe every 1-8 s. Hard cuts every few seconds make it matter which frames are taken. The speech is that
of whole samples, so clips with speech are up to 3 s shorter or longer. Of the clips without speech half have a tune and
half no sound track, as their names say. The same call makes the same clips.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from sorterd.library.kinds import DEFAULT_EXTENSIONS

SAMPLES = Path(__file__).parents[1] / "sorterd" / "samples"
SPEAKERS = ("cooking", "gardening", "money", "space")
WIDTH, HEIGHT, FPS, RATE = 576, 1024, 24, 48_000
MARGIN = 24
"""Pixels that the picture is larger than what is shown of it: room for the pan."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--samples", type=Path, default=SAMPLES, help="make them from these videos instead")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for path in make(options.folder, options.count, options.samples):
        print(path)


def make(folder: Path, count: int, samples: Path = SAMPLES) -> Iterator[Path]:
    """Write `count` clips into `folder`. Yield the path of each."""
    seen = sorted(path for path in samples.rglob("*") if path.suffix[1:].lower() in DEFAULT_EXTENSIONS)
    spoken = [path for path in sorted(SAMPLES.rglob("*.mp4")) if path.parent.name in SPEAKERS]
    for number in range(count):
        chance = np.random.default_rng(number)
        speaks = number % 3 != 2
        seconds = 12 + 10 * number / max(1, count - 1)
        kind = "speech" if speaks else "tune" if number % 6 == 2 else "mute"
        path = folder / f"{number:03}-{kind}.mp4"
        with av.open(str(path), "w") as out:
            _write(out, chance, seconds, seen, spoken if speaks else [], tune=kind == "tune")
        yield path


def _write(
    out: OutputContainer,
    chance: np.random.Generator,
    seconds: float,
    seen: list[Path],
    spoken: list[Path],
    *,
    tune: bool,
) -> None:
    video = out.add_stream("libx264", rate=FPS)
    assert isinstance(video, VideoStream)
    video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    video.gop_size = int(chance.integers(FPS, 8 * FPS))
    video.options = {"preset": "veryfast", "crf": "28"}
    audio = None
    if spoken or tune:
        audio = out.add_stream("aac", rate=RATE, layout="mono")
        assert isinstance(audio, AudioStream)
    wave = _words(chance, spoken, seconds) if spoken else _tune(seconds)
    if spoken:
        seconds = wave.size / RATE
    for image in _pictures(chance, seen, round(seconds * FPS)):
        out.mux(video.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
    out.mux(video.encode(None))
    if audio is None:
        return
    for frame in _frames(wave):
        out.mux(audio.encode(frame))
    out.mux(audio.encode(None))


def _pictures(chance: np.random.Generator, seen: list[Path], total: int) -> Iterator[NDArray[np.uint8]]:
    grain = chance.normal(0, 6, (8, HEIGHT, WIDTH, 1)).astype(np.int16)
    shown = 0
    while shown < total:
        length = int(chance.integers(2 * FPS, 6 * FPS))
        for image in _enlarged(seen[chance.integers(len(seen))], length):
            if shown == total:
                return
            left = shown // 4 % MARGIN
            part = image[left : left + HEIGHT, left : left + WIDTH].astype(np.int16) + grain[shown % len(grain)]
            yield np.clip(part, 0, 255).astype(np.uint8)
            shown += 1


def _enlarged(path: Path, frames: int) -> Iterator[NDArray[np.uint8]]:
    """Yield the first frames of a video at FPS, enlarged to cover the picture. Repeat the last one if it is shorter."""
    scaler = VideoReformatter()
    given, image = 0, None
    with av.open(str(path)) as container:
        step = Fraction(container.streams.video[0].average_rate or FPS) / FPS
        for number, frame in enumerate(container.decode(video=0)):
            scale = max((WIDTH + MARGIN) / frame.width, (HEIGHT + MARGIN) / frame.height)
            width, height = (int(side * scale) // 2 * 2 + 2 for side in (frame.width, frame.height))
            enlarged = scaler.reformat(frame, width, height, "rgb24")
            assert enlarged is not None
            image = enlarged.to_ndarray().astype(np.uint8, copy=False)
            while given * step < number + 1:
                if given == frames:
                    return
                yield image
                given += 1
    while image is not None and given < frames:
        yield image
        given += 1


def _words(chance: np.random.Generator, spoken: list[Path], seconds: float) -> NDArray[np.float32]:
    """Return whole samples, each at most once, whose total length is nearest to `seconds`.

    They are whole, because every speech model hears something else in a word that is cut off.
    """
    parts: list[NDArray[np.float32]] = []
    missing = round(seconds * RATE)
    for number in chance.permutation(len(spoken)):
        part = _sound(spoken[number])
        if abs(missing - part.size) > missing:
            break
        parts.append(part)
        missing -= part.size
    return np.concatenate(parts)


def _sound(path: Path) -> NDArray[np.float32]:
    resampler = av.AudioResampler("flt", "mono", RATE)
    with av.open(str(path)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0].astype(np.float32) for frame in frames])


def _tune(seconds: float) -> NDArray[np.float32]:
    at = np.arange(round(seconds * RATE)) / RATE
    notes = 220 * 2 ** (np.array([0, 4, 7, 12, 7, 4])[(at * 3).astype(int) % 6] / 12)
    wave: NDArray[np.float32] = (0.2 * np.sin(2 * np.pi * notes * at) * np.exp(-3 * (at * 3 % 1))).astype(np.float32)
    return wave


def _frames(wave: NDArray[np.float32]) -> Iterator[AudioFrame]:
    whole = AudioFrame.from_ndarray(wave[None, :], format="flt", layout="mono")
    whole.sample_rate, whole.pts = RATE, 0
    fifo = AudioFifo()
    fifo.write(whole)
    while frame := fifo.read(1024, partial=True):
        yield frame


if __name__ == "__main__":
    main()
