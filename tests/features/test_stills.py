"""A poster and a strip show the whole picture, upright, in a few kilobytes, whatever the video is."""

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.films import COLOURS, film

from sorterd.features.clip import read_clip
from sorterd.features.picture import PictureShape
from sorterd.features.stills import Stills, draw_stills
from sorterd.pictures.webp import POSTER, STRIP, fits
from sorterd.samples import SAMPLES


def stills(path: Path, count: int = 5) -> Stills:
    found = read_clip(os.fsencode(path), count, PictureShape(32), sound=False, stills=True).stills
    assert found is not None
    assert fits(found.poster, POSTER)
    assert fits(found.strip, STRIP)
    return found


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


def is_near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    pixel = image.getpixel(at)
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=True))


def test_a_sample_gets_an_uncropped_poster_of_a_few_kilobytes() -> None:
    found = stills(SAMPLES / "cats" / "tabby-on-the-rug.mp4")
    assert opened(found.poster).size == (180, 320)
    assert opened(found.strip).size == (450, 160)
    assert 1_000 < len(found.poster) < 20_000


def test_the_poster_is_the_middle_frame_and_the_strip_shows_all_in_order(tmp_path: Path) -> None:
    found = stills(film(tmp_path / "a.mp4", size=(320, 180)))
    assert is_near(opened(found.poster), (160, 90), COLOURS[2])
    strip = opened(found.strip)
    assert strip.size == (800, 90)
    assert [is_near(strip, (80 + 160 * i, 45), COLOURS[i]) for i in range(5)] == [True] * 5


@pytest.mark.parametrize(("count", "shots"), [(1, 1), (2, 2), (64, 5)])
def test_a_strip_has_five_frames_or_fewer_however_many_are_taken(tmp_path: Path, count: int, shots: int) -> None:
    found = stills(film(tmp_path / "a.mp4", size=(320, 180), seconds=8.0), count)
    assert opened(found.strip).width == 160 * shots


@pytest.mark.parametrize("size", [(2, 2), (640, 16), (16, 640), (320, 320), (322, 178)])
def test_pictures_of_any_shape_fit(tmp_path: Path, size: tuple[int, int]) -> None:
    stills(film(tmp_path / "a.mp4", size=size))


def test_pure_noise_and_frames_that_differ_in_size_fit() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
    found = draw_stills([noise, noise[:200], noise[:, :100], noise, noise])
    assert fits(found.poster, POSTER)
    assert fits(found.strip, STRIP)


def test_the_vectors_do_not_depend_on_whether_stills_are_drawn() -> None:
    path = os.fsencode(SAMPLES / "beach" / "sunset.mp4")
    with_them, without = (
        read_clip(path, 5, PictureShape(224), sound=False, stills=wanted).pictures for wanted in (True, False)
    )
    assert all(np.array_equal(one, other) for one, other in zip(with_them, without, strict=True))
