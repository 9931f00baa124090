import errno
import os
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from hypothesis import given
from hypothesis import strategies as st
from support.films import ABSURD, COLOURS, Colour, claim_length, film

from features.odd_films import film_of
from sorterd.features import frames
from sorterd.features.clip import read_clip
from sorterd.features.frames import segments
from sorterd.features.picture import Picture, PictureShape

SHAPE = PictureShape(32)


def pictures(path: Path, count: int = 5) -> list[Picture]:
    return read_clip(os.fsencode(path), count, SHAPE, sound=False).pictures


def seen(path: Path, count: int = 5) -> list[Colour]:
    """Return the colour in the middle of each picture, snapped to the nearest of the video's colours."""
    middles = [picture[16, 16].astype(int) for picture in pictures(path, count)]
    return [min(COLOURS, key=lambda colour: float(np.abs(middle - colour).sum())) for middle in middles]


@pytest.mark.parametrize("keyframes", [1, 4, 10, 1000], ids=lambda n: f"a keyframe every {n}")
@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "libx264"), ("a.mov", "libx264"), ("a.mkv", "libx264"), ("a.m4v", "mpeg4"), ("a.avi", "mpeg4"),
     ("a.webm", "libvpx-vp9"), ("a.ts", "libx264")],
)  # fmt: skip
def test_each_fifth_of_a_video_gives_one_frame(tmp_path: Path, name: str, codec: str, keyframes: int) -> None:
    assert seen(film(tmp_path / name, codec=codec, keyframes=keyframes)) == list(COLOURS)


def test_where_decoding_is_costly_keyframes_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = [0]
    decoded = frames.decoded

    def counting(*args: object) -> object:
        for frame in decoded(*args):  # type: ignore[arg-type]
            count[0] += 1
            yield frame

    monkeypatch.setattr(frames, "decoded", counting)
    monkeypatch.setattr(frames, "MAX_WAY", 0)
    assert seen(film(tmp_path / "dense.mp4", keyframes=2)) == list(COLOURS)
    assert count[0] == 5
    count[0] = 0
    assert seen(film(tmp_path / "sparse.mp4", keyframes=1000)) == list(COLOURS)
    assert 10 < count[0] <= 20  # up to the midpoint of the last fifth, once: not five times from the start


def test_no_keyframe_of_the_next_scene_where_decoding_is_cheap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nine scenes with a keyframe at each cut. The first midpoint, 0.9 s, is in the middle of the second scene.
    colours = [COLOURS[i % 5] for i in range(9)]
    path = film(tmp_path / "a.mp4", seconds=9, keyframes=10, colours=colours)
    midpoints = [colours[int(0.9 + 1.8 * i)] for i in range(5)]
    assert seen(path) == midpoints
    monkeypatch.setattr(frames, "MAX_WAY", 0)  # where the shortcut hurts, and why only costly videos take it
    assert seen(path) != midpoints


@pytest.mark.parametrize("fps", [10, 30])
def test_skipping_frames_that_no_other_needs_misses_the_midpoint_by_three_at_most(tmp_path: Path, fps: int) -> None:
    numbered = {i: np.full((64, 64, 3), 20 + 2 * i, np.uint8) for i in range(100)}  # by their brightness
    options = {"bf": "3", "crf": "10", "preset": "fast"}
    path = film_of(tmp_path / "a.mp4", numbered, rate=fps, options=options)
    numbers = [(int(picture[16, 16].mean()) - 20) / 2 for picture in pictures(path)]
    missed = np.abs(np.array(numbers) - [10, 30, 50, 70, 90])
    assert missed.max() <= 4  # three, and one for rounding


def test_a_short_video_gives_the_frames_it_has(tmp_path: Path) -> None:
    assert seen(film(tmp_path / "a.mp4", seconds=0.3, colours=COLOURS[:3])) == list(COLOURS[:3])
    assert len(seen(film(tmp_path / "b.mp4", seconds=0.1))) == 1


def test_a_video_that_is_cut_off_gives_the_frames_that_are_left(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", size=(320, 240), seconds=4)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    left = pictures(path)
    assert 1 <= len(left) <= 5
    assert tuple(left[0][16, 16] // 100) == (2, 0, 0) or tuple(left[0][16, 16] // 100) == (1, 0, 0)


def test_what_was_read_before_the_damage_counts_but_not_before_the_disk_failed(tmp_path: Path) -> None:
    with av.open(str(film(tmp_path / "a.mp4"))) as container:
        stream = container.streams.video[0]
        packets = list(islice(container.demux(stream), 9))

        def up_to(error: av.error.FFmpegError) -> Any:
            def demux(_stream: VideoStream) -> Iterator[object]:
                yield from packets
                raise error

            return SimpleNamespace(demux=demux)

        assert list(frames.decoded(up_to(av.error.InvalidDataError(1, "")), stream))
        with pytest.raises(av.error.FFmpegError, match="Input/output error"):
            list(frames.decoded(up_to(av.error.FFmpegError(errno.EIO, "Input/output error")), stream))


def test_a_video_that_claims_to_be_longer_than_it_is_is_read_through(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", keyframes=5)
    claim_length(path, 3.6e6)
    with av.open(str(path)) as container:
        assert container.duration is not None
        assert container.duration > 3000 * av.time_base
    assert seen(path) == list(COLOURS)


@pytest.mark.parametrize(("duration", "tick"), ABSURD)
def test_a_video_that_claims_to_last_for_centuries_is_read_through(tmp_path: Path, duration: float, tick: int) -> None:
    path = film(tmp_path / "a.mkv")
    claim_length(path, duration, tick)
    assert seen(path) == list(COLOURS)


def test_a_video_without_a_length_is_read_through(tmp_path: Path) -> None:
    pictures = {i: np.full((64, 64, 3), COLOURS[i // 4], np.uint8) for i in range(20)}
    live = {"live": "1"}  # no length, no index, as browsers record
    path = film_of(tmp_path / "a.webm", pictures, codec="libvpx-vp9", rate=10, container=live)
    assert seen(path) == list(COLOURS)


ONE = 1 << 16
ORIENTATIONS = {  # (a, b, c, d): x' = a x + c y, y' = b x + d y; then the sides where red and blue appear
    "as it is": ((ONE, 0, 0, ONE), "top", "left"),
    "a quarter to the right": ((0, ONE, -ONE, 0), "right", "top"),
    "a half": ((-ONE, 0, 0, -ONE), "bottom", "right"),
    "a quarter to the left": ((0, -ONE, ONE, 0), "left", "bottom"),
    "mirrored, as selfies are": ((-ONE, 0, 0, ONE), "top", "right"),
    "upside down": ((ONE, 0, 0, -ONE), "bottom", "left"),
    "mirrored and a quarter": ((0, ONE, ONE, 0), "left", "top"),
    "mirrored and a quarter to the other side": ((0, -ONE, -ONE, 0), "right", "bottom"),
    "a little askew": ((60000, 20000, -20000, 60000), "top", "left"),
    "of no size": ((0, 0, 0, 0), "top", "left"),
}


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_video_is_seen_as_its_metadata_turns_and_mirrors_it(tmp_path: Path, orientation: str) -> None:
    image = np.zeros((64, 64, 3), np.uint8)
    image[:32, :, 0] = 255  # the upper half is red
    image[:, :32, 2] = 255  # the left half is blue
    path = film_of(tmp_path / "a.mp4", dict.fromkeys(range(10), image), pixels="yuv444p")
    matrix, red, blue = ORIENTATIONS[orientation]
    _turn(path, matrix)
    picture = pictures(path)[0]
    sides = {"top": picture[:8], "bottom": picture[-8:], "left": picture[:, :8], "right": picture[:, -8:]}
    brightest = [max(sides, key=lambda side: float(sides[side][..., colour].mean())) for colour in (0, 2)]
    assert brightest == [red, blue]


def _turn(path: Path, matrix: tuple[int, int, int, int]) -> None:
    """Write a display matrix into the track header, as phones do."""
    a, b, c, d = matrix
    data = path.read_bytes()
    at = data.index(b"tkhd") + 4 + 40  # version 0: the matrix follows 40 bytes of the box
    path.write_bytes(data[:at] + np.array([a, b, 0, c, d, 0, 0, 0, 1 << 30], ">i4").tobytes() + data[at + 36 :])


@given(st.integers(-1000, 10**9), st.floats(0.001, 1e12), st.integers(1, 32))
def test_segments_cover_a_video_without_gap_or_overlap(origin: int, duration: float, count: int) -> None:
    parts = segments(origin, duration, count)
    assert len(parts) == count
    assert parts[0].start == origin
    assert all(one.end == other.start for one, other in pairwise(parts))
    assert all(part.start <= part.middle <= part.end for part in parts)
