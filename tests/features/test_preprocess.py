"""Decoding, voice detection and spectrograms as one step, and the second decoder."""

import errno
import os
from pathlib import Path

import av
import numpy as np
import pytest
from support.films import film, mels, sound_only

from sorterd.features import clip
from sorterd.features.audio import RATE
from sorterd.features.container import UnreadableVideo
from sorterd.features.picture import Picture, PictureShape
from sorterd.features.preprocess import Preprocessed, PreprocessOptions, preprocess, with_second_decoder

OPTIONS = PreprocessOptions(5, PictureShape(32), mels=80, stills=True)


def test_the_models_get_pictures_speech_and_stills(tmp_path: Path) -> None:
    path = os.fsencode(film(tmp_path / "a.mp4", seconds=6, sound="speech"))
    found = preprocess(path, OPTIONS)
    assert [picture.shape for picture in found.pictures] == [(32, 32, 3)] * 5
    assert [one.shape[0] for one in found.spectrograms] == [80]
    assert (found.sound, found.complete) == ("heard", True)
    assert found.seconds == pytest.approx(6, abs=0.5)
    assert found.stills is not None
    assert found.stills.poster
    only_sound = preprocess(path, PreprocessOptions(0, PictureShape(32), mels=80, stills=True))
    assert (only_sound.pictures, only_sound.stills, only_sound.seconds) == ([], None, found.seconds)
    assert np.array_equal(only_sound.spectrograms[0], found.spectrograms[0])
    silent = preprocess(path, PreprocessOptions(5, PictureShape(32), mels=0, stills=False))
    assert (silent.spectrograms, silent.sound, silent.stills) == ([], "none", None)


@pytest.mark.parametrize(
    ("seconds", "columns"), [(0.5, 500), (3.9, 500), (4.0, 500), (4.01, 1000), (8.9, 1000), (28.0, 3000), (30.0, 3000)]
)
def test_a_spectrogram_ends_in_a_second_of_silence_at_a_multiple_of_five_seconds(seconds: float, columns: int) -> None:
    assert mels(np.zeros(round(seconds * RATE), np.float32)).shape == (80, columns)


class Second:
    """Stands in for the second decoder: records its calls and returns `pictures`."""

    def __init__(self, pictures: int) -> None:
        self.asked: list[bytes] = []
        self._pictures = pictures

    def __call__(self, path: bytes, count: int, shape: PictureShape) -> list[Picture]:
        self.asked.append(path)
        return [np.zeros((shape.size, shape.size, 3), np.uint8)] * min(count, self._pictures)


def read(path: bytes, second: Second) -> Preprocessed:
    return with_second_decoder(preprocess, second)(path, OPTIONS)


def test_a_stream_that_pyav_knows_no_decoder_for_is_given_to_the_second_one(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", sound="sine")
    path.write_bytes(path.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_MPEG4/ISO/XXX"))
    second = Second(5)
    found = read(os.fsencode(path), second)
    assert found.stills is not None
    assert found.stills.poster
    assert (len(found.pictures), found.sound, second.asked) == (5, "heard", [os.fsencode(path)])
    with pytest.raises(UnreadableVideo, match="no decoder for"):
        read(os.fsencode(path), Second(0))
    with pytest.raises(UnreadableVideo, match="no decoder for"):
        preprocess(os.fsencode(path), OPTIONS)


@pytest.mark.parametrize(
    "failure",
    [UnreadableVideo("has none"), av.error.FFmpegError(errno.EOPNOTSUPP, "?"), av.error.InvalidDataError(1, "?")],
    ids=repr,
)
def test_whatever_the_first_decoder_fails_with_the_second_one_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_: object) -> None:
        raise failure

    path = os.fsencode(film(tmp_path / "a.mp4"))
    monkeypatch.setattr(clip, "pick", fail)
    assert len(read(path, Second(3)).pictures) == 3


def test_the_second_decoder_is_not_asked_if_the_first_is_not_to_blame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = Second(5)
    whole = film(tmp_path / "whole.mp4")
    text, cut = tmp_path / "text.mp4", tmp_path / "cut.mp4"
    text.write_text("dear diary")
    cut.write_bytes(whole.read_bytes()[:1000])
    for path in (text, cut, sound_only(tmp_path / "sound.mp4"), tmp_path / "gone.mp4"):
        with pytest.raises(UnreadableVideo):
            read(os.fsencode(path), second)

    def fail(*_: object) -> None:
        raise av.error.FFmpegError(errno.EIO, "Input/output error")

    monkeypatch.setattr(clip, "pick", fail)  # the disk's fault
    with pytest.raises(UnreadableVideo, match="cannot be read"):
        read(os.fsencode(whole), second)
    assert second.asked == []
