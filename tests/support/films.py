"""Makes small real video files for the tests: drawn pictures, a sine or somebody speaking."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import av
import numpy as np
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from sorterd.features.mel import spectrogram

SPEECH = Path(__file__).parent / "data" / "speech.ogg"
"""espeak-ng: "Welcome to my kitchen. Today we bake a chocolate cake with eggs, butter and sugar." """

RATE = 48_000

Colour = tuple[int, int, int]
COLOURS: tuple[Colour, ...] = ((200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30), (30, 200, 200))


ABSURD = ((9e21, 1), (9.2e18, 1), (math.inf, 1_000_000), (-1.0, 1_000_000))
"""Lengths for `claim_length` that no video has. FFmpeg counts in 64 bits."""


def film(
    path: Path,
    *,
    seconds: float = 2.0,
    size: tuple[int, int] = (96, 64),
    fps: int = 10,
    codec: str = "libx264",
    keyframes: int = 1000,
    colours: Sequence[Colour] = COLOURS,
    sound: Literal["speech", "sine", "silence"] | NDArray[np.float32] | None = None,
) -> Path:
    """Write a video that shows `colours` one after the other, each for an equal part of its time; return its path.

    `keyframes` is the largest distance between two of them, in frames. `sound` may be samples at 48 kHz.
    """
    total = round(seconds * fps)
    with av.open(str(path), "w") as out:
        video = out.add_stream(codec, rate=fps)
        assert isinstance(video, VideoStream)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.gop_size = keyframes
        if codec == "libx264":
            video.options = {"sc_threshold": "0", "preset": "ultrafast", "bf": "2"}
        coding = "libopus" if path.suffix == ".webm" else "aac"
        audio = _track(out, coding) if sound is not None else None
        for i in range(total):
            image = np.full((size[1], size[0], 3), colours[i * len(colours) // total], np.uint8)
            out.mux(video.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        out.mux(video.encode(None))
        if audio and sound is not None:
            for frame in _frames(_wave(sound, seconds) if isinstance(sound, str) else sound):
                out.mux(audio.encode(frame))
            out.mux(audio.encode(None))
    return path


def sound_only(path: Path, seconds: float = 2.0) -> Path:
    """Write a file with a sine and no picture; return its path."""
    with av.open(str(path), "w") as out:
        audio = _track(out, "aac")
        for frame in _frames(_wave("sine", seconds)):
            out.mux(audio.encode(frame))
        out.mux(audio.encode(None))
    return path


def claim_length(path: Path, duration: float, tick: int = 1_000_000) -> None:
    """Have a Matroska file say that it is `duration` ticks of so many nanoseconds long."""
    data = path.read_bytes()
    for mark, value in ((b"\x2a\xd7\xb1", tick), (b"\x44\x89\x88", duration)):
        at = data.index(mark) + len(mark)
        if isinstance(value, int):  # TimestampScale, after its size
            at, length = at + 1, data[at] & 0x7F
            new = value.to_bytes(length, "big")
        else:  # Duration, a double
            new = np.array(value, ">f8").tobytes()
        data = data[:at] + new + data[at + len(new) :]
    path.write_bytes(data)


def speech(rate: int = 16_000) -> NDArray[np.float32]:
    """The recorded sentence as mono samples."""
    resampler = av.AudioResampler("flt", "mono", rate)
    with av.open(str(SPEECH)) as file:
        parts = [out.to_ndarray() for frame in file.decode(audio=0) for out in resampler.resample(frame)]
    samples: NDArray[np.float32] = np.concatenate(parts, axis=1)[0].astype(np.float32)
    return samples


def mels(samples: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """Samples, by default the recorded sentence, as the packaged Whisper takes them."""
    return spectrogram(speech() if samples is None else samples, 80)


def _track(out: OutputContainer, codec: str) -> AudioStream:
    stream = out.add_stream(codec, rate=RATE, layout="mono")
    assert isinstance(stream, AudioStream)
    return stream


def _wave(sound: str, seconds: float) -> NDArray[np.float32]:
    length = round(seconds * RATE)
    if sound == "silence":
        return np.zeros(length, np.float32)
    if sound == "sine":
        return (0.3 * np.sin(2 * np.pi * 330 * np.arange(length) / RATE)).astype(np.float32)
    said = speech(RATE)[:length]
    return np.pad(said, (0, length - said.size))


def _frames(wave: NDArray[np.float32]) -> Iterator[AudioFrame]:
    whole = AudioFrame.from_ndarray(wave[None, :], format="flt", layout="mono")
    whole.sample_rate = RATE
    whole.pts = 0
    fifo = AudioFifo()
    fifo.write(whole)
    while frame := fifo.read(1024, partial=True):
        yield frame
