"""Everything that a player plays is read: each pixel format, colour, size, time, container, channel and rate of FFmpeg.

The files are made by PyAV, so that no ffmpeg program is needed. A colour that stays red and a hum that keeps its pitch
show that the output matches the input.
"""

import os
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.container import OutputContainer
from av.video.format import names  # type: ignore[attr-defined]

from features.odd_films import PITCH, RED, hum, red_film, red_frame, sound_film
from sorterd.features.audio import RATE, Sound
from sorterd.features.clip import Clip, read_clip
from sorterd.features.container import UnreadableVideo
from sorterd.features.picture import PictureShape, Shrinker

SHAPE = PictureShape(32)


@pytest.fixture(autouse=True)
def usual_priority() -> Iterator[None]:
    """SVT-AV1 makes its caller a real-time thread, if it may. Whatever the tests start after that would starve the
    machine: a browser whose threads wait by spinning did."""
    yield
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def read(path: Path) -> Clip:
    return read_clip(os.fsencode(path), 5, SHAPE, sound=True)


def off(picture: object) -> int:
    """Return how far the middle of a picture is from red, of 255."""
    return int(np.abs(np.asarray(picture)[16, 16].astype(int) - RED).max())


def is_red(path: Path, frames: int = 5) -> bool:
    pictures = read(path).pictures
    return len(pictures) == frames and max(map(off, pictures)) <= 30


def hums(sound: Sound, seconds: float = 1.0) -> bool:
    """Return whether the sound is the sine, of about this length and not faint."""
    samples = np.concatenate(sound.windows)
    loudest = np.abs(np.fft.rfft(samples)).argmax() * RATE / samples.size
    length = samples.size / RATE
    return bool(abs(loudest - PITCH) < 5 and np.abs(samples).max() > 0.03 and abs(length - seconds) < 0.2)


# --- pixels -----------------------------------------------------------------------------------------------------------

GREY = ("gray", "mono", "ya")
NO_WAY_IN = {"bgr4", "rgb4", "rgbaf32be", "x2bgr10be", "x2rgb10be"}
"""swscale writes the first two but does not read them. No decoder produces any of these."""


def test_each_pixel_format_becomes_a_picture() -> None:
    drawn = 0
    for name in sorted(names):
        try:
            frame = red_frame(pixels=name)
        except (av.error.FFmpegError, ValueError):  # swscale does not write it: hardware formats, mostly
            continue
        if name in NO_WAY_IN:
            with pytest.raises(UnreadableVideo, match=f"pixel format that cannot be converted .{name}."):
                Shrinker(SHAPE)(frame)
            continue
        picture = Shrinker(SHAPE)(frame)
        assert name.startswith(GREY) or off(picture) <= 60, name
        drawn += 1
    assert drawn > 120


@pytest.mark.parametrize("size", [(1, 1), (17, 3), (2, 1), (1, 2), (5, 8)])
def test_raw_sensor_pictures_of_an_odd_size_do_not_abort_the_process(size: tuple[int, int]) -> None:
    frame = av.VideoFrame(*size, "bayer_rggb8")
    with pytest.raises(UnreadableVideo, match="bayer_rggb8"):
        Shrinker(SHAPE)(frame)


def encoders() -> Iterator[tuple[str, str]]:
    """Return (encoder, pixel format) of all that PyAV can write and read."""
    for name in sorted(av.codecs_available):
        try:
            codec = av.Codec(name, "w")
            av.Codec(codec.canonical_name, "r")
        except av.codec.codec.UnknownCodecError:
            continue
        if codec.type == "video" and not name.endswith(("_v4l2m2m", "_nvenc", "_vaapi", "_qsv", "_vulkan", "_amf")):
            yield from ((name, pixels.name) for pixels in codec.video_formats or ())


def test_whatever_can_be_encoded_is_read(tmp_path: Path) -> None:
    """Each encoder with each of its pixel formats, in the first container that takes it."""
    kinds: set[str] = set()
    for codec, pixels in encoders():
        for container in ("mkv", "nut", "avi", "mov"):
            path = tmp_path / f"{codec}-{pixels}.{container}"
            try:
                red_film(path, codec=codec, pixels=pixels, times=range(2))
            except (av.error.FFmpegError, ValueError):
                continue
            with av.open(str(path)) as file:
                playable = any(True for _frame in tolerant(file))
            if playable:
                pictures = read(path).pictures
                assert pictures, path.name
                assert pixels.startswith(GREY) or off(pictures[0]) <= 60, path.name
                kinds.add(codec)
            break
    assert len(kinds) > 40


def tolerant(file: av.container.InputContainer) -> Iterator[av.VideoFrame]:
    """Yield the frames that a plain player would show."""
    try:
        yield from file.decode(video=0)
    except av.error.FFmpegError:
        return


# --- colours ----------------------------------------------------------------------------------------------------------


def test_each_colour_matrix_and_range_is_read(tmp_path: Path) -> None:
    for matrix in (*range(1, 18), 200):
        for reach in (0, 1, 2):
            path = red_film(tmp_path / "a.mp4", times=range(2), colours={"colorspace": matrix, "color_range": reach})
            pictures = read(path).pictures
            assert len(pictures) == 2, matrix
            assert off(pictures[0]) <= 60, (matrix, reach)


def test_each_transfer_and_each_set_of_primaries_is_read(tmp_path: Path) -> None:
    for number in (*range(1, 24), 200):
        tags = {"color_trc": number, "color_primaries": number}
        assert is_red(red_film(tmp_path / "a.mp4", times=range(2), colours=tags), frames=2), number


def test_a_matrix_that_is_not_known_is_read_by_all_ways_of_packing_it(tmp_path: Path) -> None:
    for pixels in ("yuv420p", "yuv444p", "yuv422p10le"):
        path = red_film(tmp_path / f"{pixels}.mkv", pixels=pixels, times=range(2), colours={"colorspace": 14})
        assert off(read(path).pictures[0]) <= 60, pixels


# --- sizes and times --------------------------------------------------------------------------------------------------

SIZES = [(1, 1), (1, 2), (2, 1), (3, 3), (1, 500), (500, 1), (17, 1), (63, 47), (4000, 2), (2, 4000), (16000, 16)]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_each_size_is_read(tmp_path: Path, size: tuple[int, int]) -> None:
    for codec, pixels in (("png", "rgb24"), ("rawvideo", "yuv420p"), ("rawvideo", "rgb24"), ("mjpeg", "yuvj444p")):
        path = red_film(tmp_path / f"{codec}{pixels}.nut", codec=codec, pixels=pixels, size=size, times=range(2))
        assert read(path).pictures[0].shape == (32, 32, 3)
    if min(size) > 1:
        assert read(red_film(tmp_path / "a.mp4", pixels="yuv444p", size=size, times=range(2))).pictures


@pytest.mark.parametrize("rate", [Fraction(1, 60), 1, Fraction(30000, 1001), 240, 1000, 10_000])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_each_frame_rate_is_read(tmp_path: Path, name: str, rate: Fraction | int) -> None:
    assert is_red(red_film(tmp_path / name, rate=rate, times=range(20)))


ODD_TIMES = {
    "one frame": [0],
    "two frames an hour apart": [0, 18_000],
    "a gap of an hour": [0, 1, 2, 18_000, 18_001],
    "starts late": range(5_000, 5_010),
    "starts before zero": range(-7, 5),
    "any distance": [0, 1, 5, 6, 40, 41, 99],
    "a hundred thousand seconds in": range(500_000, 500_010),
}


@pytest.mark.parametrize("times", ODD_TIMES.values(), ids=ODD_TIMES.keys())
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.flv"])
def test_odd_times_are_read(tmp_path: Path, name: str, times: list[int]) -> None:
    path = red_film(tmp_path / name, times=times)
    assert 1 <= len(pictures := read(path).pictures) <= 5
    assert max(map(off, pictures)) <= 30


@pytest.mark.parametrize(("name", "codec"), [("a.h264", "libx264"), ("a.hevc", "libx265"), ("a.m4v", "mpeg4")])
def test_a_bare_stream_without_times_is_read(tmp_path: Path, name: str, codec: str) -> None:
    assert is_red(red_film(tmp_path / name, codec=codec, times=range(10), options={"bf": "2"}))


def test_frames_that_need_later_ones_and_an_edit_list_are_read(tmp_path: Path) -> None:
    options = {"bf": "3", "preset": "fast"}
    assert is_red(red_film(tmp_path / "a.mp4", times=range(30), options=options))  # cut by 2 frames in an edit list
    assert is_red(red_film(tmp_path / "a.mkv", times=range(30), options=options))


def test_interlaced_pictures_are_read(tmp_path: Path) -> None:
    flags = {"flags": "+ildct+ilme"}
    assert is_red(red_film(tmp_path / "a.mpg", codec="mpeg2video", rate=25, times=range(10), options=flags))


# --- containers and streams -------------------------------------------------------------------------------------------

CONTAINERS = {
    "mp4": "libx264", "mov": "libx264", "mkv": "libx264", "webm": "libvpx-vp9", "avi": "mpeg4", "flv": "flv",
    "ts": "libx264", "mts": "libx264", "mpg": "mpeg2video", "vob": "mpeg2video", "wmv": "wmv2", "asf": "msmpeg4v2",
    "3gp": "mpeg4", "3g2": "mpeg4", "mxf": "mpeg2video", "nut": "ffv1", "y4m": "wrapped_avframe", "gif": "gif",
    "apng": "apng", "ivf": "libvpx", "wtv": "mpeg2video", "mjpeg": "mjpeg", "swf": "flv", "m4v": "mpeg4",
    "h264": "libx264", "obu": "libsvtav1", "f4v": "libx264",
}  # fmt: skip


@pytest.mark.parametrize("extension", CONTAINERS)
def test_each_container_is_read_whatever_it_is_called(tmp_path: Path, extension: str) -> None:
    pixels = {"gif": "rgb8", "apng": "rgb24", "mjpeg": "yuvj420p"}.get(extension, "yuv420p")
    size = (64, 64)
    path = tmp_path / f"a.{extension}"
    red_film(path, codec=CONTAINERS[extension], pixels=pixels, size=size, rate=25, times=range(10))
    renamed = path.rename(tmp_path / "film.mp4")
    pictures = read(renamed).pictures
    assert max(map(off, pictures)) <= 30


def test_a_fragmented_video_is_read(tmp_path: Path) -> None:
    container = {"movflags": "frag_keyframe+empty_moov"}
    assert is_red(red_film(tmp_path / "a.mp4", times=range(10), container=container))


def test_a_video_stream_is_not_confused_with_covers_data_or_subtitles(tmp_path: Path) -> None:
    def cover_first(out: OutputContainer) -> None:
        cover = out.add_stream("mjpeg", rate=1)
        cover.width = cover.height = 500
        cover.pix_fmt = "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        green = av.VideoFrame.from_ndarray(np.full((500, 500, 3), (0, 255, 0), np.uint8), format="rgb24")
        out.mux(cover.encode(green.reformat(format="yuvj420p")))

    assert is_red(red_film(tmp_path / "a.mp4", times=range(10), more=cover_first))


# --- sound ------------------------------------------------------------------------------------------------------------

LAYOUTS = [
    *("mono", "stereo", "2.1", "3.0", "3.0(back)", "4.0", "quad", "quad(side)", "3.1", "5.0", "5.0(side)", "4.1"),
    *("5.1", "5.1(side)", "6.0", "6.0(front)", "3.1.2", "hexagonal", "6.1", "6.1(back)", "6.1(front)", "7.0"),
    *("7.0(front)", "7.1", "7.1(wide)", "7.1(wide-side)", "5.1.2", "octagonal", "cube", "5.1.4", "7.1.2", "7.1.4"),
    *("hexadecagonal", "downmix", "22.2"),
]


def test_each_layout_of_channels_is_heard(tmp_path: Path) -> None:
    unnamed = [f"{count} channels" for count in (1, 2, 3, 5, 9, 10, 11, 12, 13, 20, 64)]
    for layout in (*LAYOUTS, *unnamed, "ambisonic 1", "ambisonic 2"):
        for name in ("a.mkv", "a.mov"):
            assert hums(read(sound_film(tmp_path / name, layout=layout)).sound), (layout, name)


@pytest.mark.parametrize("channels", [2, 6, 9, 16])
def test_separate_planes_for_many_channels_are_heard(tmp_path: Path, channels: int) -> None:
    """More than eight of them crashed PyAV when it made an array of a frame."""
    path = tmp_path / "a.mkv"
    options = {"mapping_family": "255"}
    sound_film(path, codec="libopus", layout=f"{channels} channels", samples="flt", options=options)
    assert hums(read(path).sound)


def test_each_rate_and_sample_format_is_heard(tmp_path: Path) -> None:
    for rate in (2000, 4000, 8000, 11_025, 16_000, 22_050, 44_100, 96_000, 192_000, 768_000):
        assert hums(read(sound_film(tmp_path / "a.mkv", rate=rate)).sound), rate
    for codec, samples in (("pcm_u8", "u8"), ("pcm_s24le", "s32"), ("pcm_s32be", "s32"), ("pcm_f32le", "flt"),
                           ("pcm_f64le", "dbl"), ("libopus", "s16"),
                           ("flac", "s16"), ("aac", "fltp"), ("libmp3lame", "s16p"), ("ac3", "fltp"),
                           ("alac", "s16p"), ("mp2", "s16")):  # fmt: skip
        for layout in ("mono", "stereo"):
            path = sound_film(tmp_path / "b.mkv", codec=codec, samples=samples, layout=layout)
            assert hums(read(path).sound), (codec, layout)


def test_sound_may_be_of_no_length_longer_than_the_video_or_shorter(tmp_path: Path) -> None:
    assert read(sound_film(tmp_path / "a.mkv", seconds=0)).sound == Sound("none")
    assert hums(read(sound_film(tmp_path / "b.mkv", seconds=20, video_seconds=0.2)).sound, seconds=20)
    assert hums(read(sound_film(tmp_path / "c.mkv", seconds=0.5, video_seconds=20)).sound, seconds=0.5)


def test_sound_that_cannot_be_used_costs_only_the_sound(tmp_path: Path) -> None:
    path = sound_film(tmp_path / "a.mkv", layout="65 channels")
    clip = read(path)
    assert (len(clip.pictures), clip.sound) == (5, Sound("unreadable"))


def test_if_the_first_track_cannot_be_decoded_the_next_one_is_heard(tmp_path: Path) -> None:
    path = sound_film(tmp_path / "a.mkv", before=["ac3", "flac"])
    assert hums(read(path).sound)


def test_sound_in_a_container_that_cannot_be_sought_in_is_heard(tmp_path: Path) -> None:
    path = tmp_path / "a.swf"
    with av.open(str(path), "w") as out:
        video = out.add_stream("flv", rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio = out.add_stream("libmp3lame", rate=44_100, layout="mono")
        pieces = hum("mono", 44_100, "s16p", 1.0, 1152)
        for i in range(10):
            out.mux(video.encode(red_frame()))
            for piece in pieces[4 * i : 4 * i + 4]:
                out.mux(audio.encode(piece))
        out.mux(video.encode(None))
    assert hums(read(path).sound, seconds=0.9)
