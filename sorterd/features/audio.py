"""The sound of a video as 16 kHz mono float32: only as much of it as will be listened to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from sorterd.features.container import UNDECODABLE

RATE = 16_000
"""Samples per second that Whisper and Silero VAD expect."""

SLOWEST = 1_000
"""Samples per second below which it is no sound: a few kilobytes said to be at 1 Hz would become gigabytes at RATE."""

CENTURY = 100 * 365 * 24 * 3600.0
"""Seconds that no video lasts. In ticks of a nanosecond they fit the 64 bits that FFmpeg counts in."""

WINDOW = 30
"""Seconds that Whisper hears at once."""

WINDOWS = 4
"""Of a longer video this many windows are heard, spread over it: two minutes say what a two-hour film is about."""

Samples = NDArray[np.float32]
"""Mono sound at 16 kHz, values in -1..1, [n]."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What there is to hear: pieces of at most 30 s in order. `complete` is False if parts were left out."""

    state: Literal["heard", "none", "unreadable"]
    windows: tuple[Samples, ...] = ()
    complete: bool = True


def listen(container: InputContainer) -> Sound:
    """Given an open video, return its sound: all of it up to two minutes, else four windows of 30 s spread over it."""
    stream = container.streams.best("audio")
    if not isinstance(stream, AudioStream):
        return Sound("none")
    if stream.codec_context is None:
        return Sound("unreadable")
    duration = _seconds(container, stream)
    limit = WINDOW * WINDOWS
    if duration is not None and duration > limit:
        starts = [(i + 0.5) * duration / WINDOWS - WINDOW / 2 for i in range(WINDOWS)]
        windows = [window for start in starts if (window := _read(container, stream, start, WINDOW)).size]
        if sum(window.size for window in windows) > limit * RATE / 2:  # else the file is not as long as it claims
            return Sound("heard", tuple(windows), complete=False)
    samples = _read(container, stream, 0, limit)
    if not samples.size:
        return Sound("unreadable" if _has_packets(container, stream) else "none")
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


def _read(container: InputContainer, stream: AudioStream, start: float, seconds: float) -> Samples:
    """Decode `seconds` of sound from `start`; less, down to nothing, where there is no more or it is damaged."""
    try:
        _rewind(container, stream, start)
    except av.error.FFmpegError:
        return np.empty(0, np.float32)
    wanted = round(seconds * RATE)
    parts: list[Samples] = []
    have = 0
    for piece in _resampled(_decoded(container, stream)):
        parts.append(piece)
        have += piece.size
        if have >= wanted:
            break
    return np.concatenate(parts)[:wanted] if parts else np.empty(0, np.float32)


def _decoded(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Frames from where the container stands; packets that cannot be decoded are passed over."""
    try:
        for packet in container.demux(stream):
            try:
                yield from packet.decode()
            except UNDECODABLE:
                continue
    except UNDECODABLE:
        return


def _resampled(frames: Iterator[AudioFrame]) -> Iterator[Samples]:
    """Mono at 16 kHz. A stream that changes its rate or channels on the way gets a new resampler."""
    resampler: AudioResampler | None = None
    kind: tuple[str, str, int] | None = None
    for frame in frames:
        if frame.sample_rate < SLOWEST:
            break
        frame.pts = None  # time stamps of damaged or edited files jump; only the order matters here
        if resampler is None or kind != (kind := (frame.format.name, frame.layout.name, frame.sample_rate)):
            resampler = AudioResampler("flt", "mono", RATE)
        yield from map(_samples, resampler.resample(frame))
    if resampler is not None:
        yield from map(_samples, resampler.resample(None))


def _samples(frame: AudioFrame) -> Samples:
    return frame.to_ndarray().reshape(-1).astype(np.float32, copy=False)


def _has_packets(container: InputContainer, stream: AudioStream) -> bool:
    try:
        _rewind(container, stream, 0)
        return any(packet.size for packet in container.demux(stream))
    except av.error.FFmpegError:
        return True
