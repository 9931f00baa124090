"""Make small videos that are odd in one respect each: pixels, colour tags, channels, rates, times, streams."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.layout import AudioLayout
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from sorterd.features.picture import Picture

RED = (200, 30, 30)
PITCH = 330
"""Hertz of the sine that is the sound."""


def red_frame(pixels: str = "yuv420p") -> VideoFrame:
    """Return one red frame. Raise an FFmpegError if no picture can be made with such pixels."""
    image = np.full((48, 64, 3), RED, np.uint8)
    return VideoFrame.from_ndarray(image, format="rgb24").reformat(format=pixels)


def red_film(path: Path, *, size: tuple[int, int] = (64, 48), times: Iterable[int] = range(5), **how: Any) -> Path:
    """Write a red video with a frame at each of `times`; `how` as for `film_of`. Return its path."""
    picture = np.full((size[1], size[0], 3), RED, np.uint8)
    return film_of(path, dict.fromkeys(times, picture), **how)


def film_of(
    path: Path,
    pictures: Mapping[int, Picture],
    *,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    rate: int | Fraction = 5,
    colours: Mapping[str, int] | None = None,
    options: Mapping[str, str] | None = None,
    container: Mapping[str, str] | None = None,
    more: Callable[[OutputContainer], object] = lambda _out: None,
) -> Path:
    """Write a video of pictures by their time, counted in frames of `rate`. Return its path.

    `colours` are tags as PyAV names them, `options` the encoder's, `container` the muxer's. `more` adds to the file
    before the frames are written.
    """
    height, width, _ = next(iter(pictures.values())).shape
    with av.open(str(path), "w", options=dict(container or {})) as out:
        video = out.add_stream(codec, rate=rate, options=dict(options or _QUICK.get(codec, {})))
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = width, height, pixels
        video.codec_context.thread_count = 1  # those of libvpx wait for each other by spinning
        for name, value in (colours or {}).items():
            setattr(video.codec_context, name, value)
        more(out)
        for time, picture in pictures.items():
            frame = VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pixels)
            for name, value in (colours or {}).items():
                setattr(frame, name, value)
            frame.pts, frame.time_base = time, 1 / Fraction(rate)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    return path


_QUICK = {"libx264": {"preset": "ultrafast"}, "libvpx-vp9": {"cpu-used": "8"}, "libvpx": {"cpu-used": "8"}}


def packed_again(
    source: Path, target: Path, *, tags: Mapping[str, str] | None = None, options: Mapping[str, str] | None = None
) -> Path:
    """Write the pictures of a video into another file, with these tags and options of the muxer. Return its path."""
    with av.open(str(source)) as file, av.open(str(target), "w", options=dict(options or {})) as out:
        out.metadata.update(tags or {})
        pictures = file.streams.video[0]
        stream: VideoStream = out.add_stream_from_template(pictures)
        for packet in file.demux(pictures):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    return target


def sound_film(
    path: Path,
    *,
    codec: str = "pcm_s16le",
    layout: str = "mono",
    rate: int = 48_000,
    samples: str = "s16",
    seconds: float = 1.0,
    video_seconds: float = 1.0,
    options: Mapping[str, str] | None = None,
    before: Sequence[str] = (),
) -> Path:
    """Write a red video that hums at 330 Hz on all channels, for `seconds`. Return its path.

    `before`: codecs of tracks that come before it and hold one packet of rubbish each.
    """
    with av.open(str(path), "w") as out:
        video = out.add_stream("mpeg4", rate=5)
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        rubbish = [out.add_stream(one, rate=48_000) for one in before]
        audio = out.add_stream(codec, rate=rate, layout=layout, options=dict(options or {}))
        assert isinstance(audio, AudioStream)
        audio.codec_context.format = av.AudioFormat(samples)
        for _ in range(round(5 * video_seconds)):
            out.mux(video.encode(red_frame()))
        out.mux(video.encode(None))
        for track in rubbish:
            packet = av.Packet(b"\xff\x00rubbish" * 9)
            packet.stream, packet.pts, packet.dts, packet.time_base = track, 0, 0, Fraction(1, 48_000)
            out.mux(packet)
        audio.codec_context.open(strict=False)
        for frame in hum(layout, rate, samples, seconds, audio.codec_context.frame_size):
            out.mux(audio.encode(frame))
        out.mux(audio.encode(None))
    return path


def hum(layout: str, rate: int, samples: str, seconds: float, piece: int) -> list[AudioFrame]:
    """Yield the sine on all channels of a layout, in this sample format, in frames of `piece` samples (0: any)."""
    channels = AudioLayout(layout).nb_channels
    wave = (0.3 * np.sin(2 * np.pi * PITCH * np.arange(round(seconds * rate)) / rate)).astype(np.float32)
    if not wave.size:
        return []
    everywhere = np.repeat(wave, channels)[None, :]
    if samples == "s16" and not piece:
        frame = AudioFrame.from_ndarray((everywhere * 2**15).astype(np.int16), format="s16", layout=layout)
        frame.sample_rate, frame.pts = rate, 0
        return [frame]
    whole = AudioFrame.from_ndarray(everywhere, format="flt", layout=layout)
    whole.sample_rate, whole.pts = rate, 0
    return AudioResampler(samples, layout, rate, frame_size=piece or None).resample(whole)
