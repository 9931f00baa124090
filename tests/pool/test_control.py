"""The control clips, by which it is known whether two machines make the same vectors."""

import os
import struct
from pathlib import Path

import pytest

from sorterd.features.settings import extracted_modalities
from sorterd.pool.control import CLIPS, cosine, difference

PARTS = extracted_modalities(3, 2)


def packed(*numbers: float) -> bytes:
    return struct.pack(f"<{len(numbers)}f", *numbers)


HOME = dict.fromkeys(CLIPS, packed(1, 0, 0, 0.6, 0.8))


def test_the_clips_are_in_the_package() -> None:
    assert len(CLIPS) == 3
    assert all(Path(os.fsdecode(path)).is_file() for path in CLIPS.values())


def test_equal_and_nearly_equal_vectors_are_the_same() -> None:
    assert difference(HOME, HOME, PARTS) == ""
    nearly = dict.fromkeys(CLIPS, packed(1, 0.01, -0.01, 0.61, 0.79))
    assert difference(HOME, nearly, PARTS) == ""


def test_each_modality_of_each_clip_counts() -> None:
    for name in CLIPS:
        for wrong, part, least in (
            (packed(1, 0.1, 0, 0.6, 0.8), "pictures", 0.999),
            (packed(1, 0, 0, 0.8, 0.6), "speech", 0.98),
        ):
            told = difference(HOME, HOME | {name: wrong}, PARTS)
            assert name.removeprefix("control ") in told
            assert part in told
            assert f"at least {least} is needed" in told


def test_a_comma_that_a_card_hears_is_no_difference() -> None:
    """As "rings of ice and dust, and many moons", heard by an H200 and not by its processor: cosine .9971."""
    card = dict.fromkeys(CLIPS, packed(1, 0, 0, 0.66, 0.75))
    assert 0.99 < cosine(HOME[next(iter(CLIPS))][12:], packed(0.66, 0.75)) < 0.998
    assert difference(HOME, card, PARTS) == ""


def test_speech_that_only_one_of_them_hears_is_a_difference() -> None:
    silent = dict.fromkeys(CLIPS, packed(1, 0, 0, 0, 0))
    assert difference(silent, silent, PARTS) == ""
    assert "speech: cosine 0.0000" in difference(HOME, silent, PARTS)


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize("other", [
    b"", packed(1, 0, 0), packed(1, 0, 0, 0.6, 0.8)[:-1], packed(1, NAN, 0, 0.6, 0.8), packed(*[INF] * 5),
    packed(1, -INF, 0, 0.6, 0.8),
])  # fmt: skip
def test_a_vector_that_is_missing_of_another_length_or_no_number_differs(other: bytes) -> None:
    assert difference(HOME, HOME | dict.fromkeys(CLIPS, other), PARTS) != ""
    assert difference(HOME, {}, PARTS) != ""


def test_the_length_of_a_vector_does_not_matter() -> None:
    assert cosine(packed(1, 2), packed(2, 4)) == pytest.approx(1)
    assert cosine(packed(1, 0), packed(0, 1)) == 0
