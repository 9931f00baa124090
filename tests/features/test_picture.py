from fractions import Fraction

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorterd.features.picture import MAX_ASPECT, PictureShape, Shrinker, centre_square, scaled_size


def frame(width: int, height: int) -> av.VideoFrame:
    """Left half red, right half blue."""
    image = np.zeros((height, width, 3), np.uint8)
    image[:, : width // 2, 0] = image[:, width // 2 :, 2] = 255
    return av.VideoFrame.from_ndarray(image, format="rgb24")


@pytest.mark.parametrize("size", [(1, 1), (2, 1000), (1000, 2), (640, 360), (360, 640), (33, 31)])
@pytest.mark.parametrize("fit", ["shortest", "squash", "longest"])
def test_every_frame_becomes_a_picture_of_the_wanted_size(size: tuple[int, int], fit: str) -> None:
    picture = Shrinker(PictureShape(32, fit))(frame(*size))  # type: ignore[arg-type]
    assert picture.shape == (32, 32, 3)
    assert picture.dtype == np.uint8


def test_the_middle_of_a_wide_frame_is_kept() -> None:
    picture = Shrinker(PictureShape(32))(frame(640, 320))
    assert picture[16, 4, 0] > 200 > 50 > picture[16, 4, 2]
    assert picture[16, 28, 2] > 200 > 50 > picture[16, 28, 0]


def test_pixels_that_are_not_square_are_shown_as_they_are_meant() -> None:
    # 200x100 pixels, each half as wide as high, are a square picture.
    narrow = Shrinker(PictureShape(100), Fraction(1, 2))(frame(200, 100))
    wide = Shrinker(PictureShape(100))(frame(200, 100))
    assert np.abs(narrow[:, :45].astype(int) - wide[:, :45]).mean() < 3
    assert scaled_size(200 * 0.5, 100, PictureShape(100)) == (100, 100)


@given(st.floats(1, 1e5), st.floats(1, 1e5), st.sampled_from(["shortest", "longest", "squash"]))
def test_no_frame_is_scaled_to_more_than_a_bounded_strip(width: float, height: float, fit: str) -> None:
    scaled = scaled_size(width, height, PictureShape(224, fit))  # type: ignore[arg-type]
    assert 1 <= min(scaled) <= max(scaled) <= 224 * MAX_ASPECT
    assert fit == "longest" or min(scaled) == 224


def test_a_picture_smaller_than_the_square_gets_black_borders() -> None:
    square = centre_square(np.full((2, 4, 3), 9, np.uint8), 4)
    assert square.shape == (4, 4, 3)
    assert (square[1:3] == 9).all()
    assert (square[[0, 3]] == 0).all()
