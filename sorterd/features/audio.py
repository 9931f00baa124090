"""The sound of a video as 16 kHz mono float32. Only the parts that Whisper will hear are decoded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.filter.graph import Graph
from numpy.typing import NDArray

from sorterd.features.container import CENTURY, is_lasting, read_only

RATE = 16_000
"""Samples per second that Whisper and Silero VAD expect."""

SLOWEST = 1_000
"""Slowest sample rate accepted as sound: a few kilobytes claimed to be at 1 Hz would become gigabytes at RATE."""

WINDOW = 30
"""Seconds that Whisper takes at once."""

WINDOWS = 4
"""Number of windows heard of a longer video, spread over it: two minutes say what a two-hour video is about."""

Samples = NDArray[np.float32]
"""Mono sound at 16 kHz, values in -1..1, [n]."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What can be heard, as pieces of at most 30 s in order. `complete` is False if parts were left out."""

    state: Literal["heard", "none", "unreadable"]
    windows: tuple[Samples, ...] = ()
    complete: bool = True


def listen(container: InputContainer, *, from_start: bool = False) -> Sound:
    """Return the sound of an open video: all of it up to two minutes, else four windows of 30 s spread over it.

    The main track is tried first. The first track that can be decoded counts. With `from_start` the container has just
    been opened and cannot be sought in, so the first two minutes of the main track are heard.
    """
    best = container.streams.best("audio")
    tracks = sorted(container.streams.audio, key=lambda track: track is not best)
    for track in tracks[:1] if from_start else tracks:
        read_only(container, track)
        sound = _listen(container, track, from_start=from_start)
        if sound.state == "heard":
            return sound
    return Sound("unreadable" if tracks else "none")


def _listen(container: InputContainer, stream: AudioStream, *, from_start: bool) -> Sound:
    if stream.codec_context is None:
        return Sound("unreadable")
    limit = WINDOW * WINDOWS
    duration = None if from_start else _seconds(container, stream)
    if duration is not None and duration > limit:
        starts = [(i + 0.5) * duration / WINDOWS - WINDOW / 2 for i in range(WINDOWS)]
        windows = [window for start in starts if (window := _read(container, stream, start, WINDOW)).size]
        if sum(window.size for window in windows) > limit * RATE / 2:  # else the file is shorter than it claims
            return Sound("heard", tuple(windows), complete=False)
    samples = _read(container, stream, None if from_start else 0, limit)
    if not samples.size:
        return Sound("unreadable")
    return Sound("heard", tuple(samples[i : i + WINDOW * RATE] for i in range(0, samples.size, WINDOW * RATE)))


def _seconds(container: InputContainer, stream: AudioStream) -> float | None:
    seconds = 0.0
    if stream.duration and stream.duration > 0 and stream.time_base:
        seconds = float(stream.duration * stream.time_base)
    elif container.duration and container.duration > 0:
        seconds = container.duration / av.time_base
    return seconds if 0 < seconds < CENTURY else None


def _rewind(container: InputContainer, stream: AudioStream, start: float) -> None:
    if stream.time_base is None:
        return
    container.seek((stream.start_time or 0) + round(start / stream.time_base), stream=stream)


def _read(container: InputContainer, stream: AudioStream, start: float | None, seconds: float) -> Samples:
    """Return `seconds` of sound from `start`, None for where the container stands.

    Return less, or nothing, if the sound ends or cannot be used.
    """
    wanted = round(seconds * RATE)
    parts: list[Samples] = []
    have = 0
    try:
        if start is not None:
            _rewind(container, stream, start)
        for piece in _resampled(_decoded(container, stream)):
            parts.append(piece)
            have += piece.size
            if have >= wanted:
                break
    except av.error.FFmpegError as error:
        if not is_lasting(error):
            raise
    return np.concatenate(parts)[:wanted] if parts else np.empty(0, np.float32)


def _decoded(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Yield frames from where the container stands. Skip packets that cannot be decoded."""
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.FFmpegError as error:
            if not is_lasting(error):
                raise


def _resampled(frames: Iterator[AudioFrame]) -> Iterator[Samples]:
    """Yield the sound as mono at 16 kHz. If the stream changes its rate or channels, it gets a new resampler."""
    resampler: AudioResampler | Mixer | None = None
    kind: tuple[str, str, int] | None = None
    for frame in frames:
        if frame.sample_rate < SLOWEST:
            break
        frame.pts = None  # time stamps of damaged or edited files jump; only the order matters here
        if kind != (kind := (frame.format.name, frame.layout.name, frame.sample_rate)):
            resampler = AudioResampler("flt", "mono", RATE)
            try:
                yield from map(_samples, resampler.resample(frame))
                continue
            except av.error.ArgumentError:  # positions of the channels unknown: nine of them, or ambisonic
                resampler = Mixer(frame)
        assert resampler is not None
        yield from map(_samples, resampler.resample(frame))
    if resampler is not None:
        yield from map(_samples, resampler.resample(None))


class Mixer:
    """An AudioResampler that takes up to 64 channels of any kind, with equal weights.

    It does not go through NumPy: PyAV 18 reads beyond its memory when a frame has more than eight planes.
    """

    def __init__(self, template: AudioFrame) -> None:
        self._graph = Graph()
        buffer = self._graph.add(
            "abuffer",
            sample_rate=str(template.sample_rate),
            sample_fmt=template.format.name,
            channel_layout=template.layout.name,
        )
        mean = self._graph.add("pan", "mono|c0<" + "+".join(f"c{i}" for i in range(template.layout.nb_channels)))
        form = self._graph.add("aformat", sample_rates=str(RATE), sample_fmts="flt", channel_layouts="mono")
        for one, other in pairwise([buffer, mean, form, self._graph.add("abuffersink")]):
            one.link_to(other)
        self._graph.configure()

    def resample(self, frame: AudioFrame | None) -> list[AudioFrame]:
        """Return what is ready, given a frame, or None at the end."""
        self._graph.push(frame)
        ready: list[AudioFrame] = []
        while True:
            try:
                out = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return ready
            assert isinstance(out, AudioFrame)
            ready.append(out)


def _samples(frame: AudioFrame) -> Samples:
    return frame.to_ndarray().reshape(-1).astype(np.float32, copy=False)
