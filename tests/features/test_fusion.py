import numpy as np
import pytest

from sorterd.features.fusion import EXTRACTED, EncodedVideo, fuse
from sorterd.features.preprocess import Preprocessed

Rows = np.ndarray[tuple[int, int], np.dtype[np.float32]]


def rows(*values: tuple[float, ...]) -> Rows:
    return np.array(values, np.float32)


def fused(frames: Rows, words: Rows, towers: tuple[int, int]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return fuse(EncodedVideo(Preprocessed([], [], "none"), frames, words), EXTRACTED, towers)


def test_each_modality_is_the_mean_at_unit_length() -> None:
    vector = fused(rows((1, 0), (0, 1)), rows((0, 0, 1)), (2, 3))
    assert vector == pytest.approx([0.5**0.5, 0.5**0.5, 0, 0, 1])
    assert vector.dtype == np.float32


def test_rows_that_cancel_out_give_zeros_and_no_division_by_zero() -> None:
    assert not fused(rows((1, 0), (-1, 0)), rows((0, 1)), (2, 2))[:2].any()
