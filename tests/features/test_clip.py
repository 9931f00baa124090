from __future__ import annotations

import errno
import os
import resource
from pathlib import Path

import av
import numpy as np
import pytest
from support.films import film, sound_only

from sorterd.features import clip
from sorterd.features.clip import read_clip
from sorterd.features.container import UnreadableVideo
from sorterd.features.picture import Picture, PictureShape


def test_reading_many_files_does_not_use_up_memory(tmp_path: Path) -> None:
    path = os.fsencode(film(tmp_path / "a.mp4", size=(320, 240), keyframes=5, sound="sine"))

    def read(times: int) -> int:
        for _ in range(times):
            read_clip(path, 5, PictureShape(224), sound=True)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = read(30)
    assert read(200) - before < 15_000  # KiB: less than one clip in twenty is left behind


class Second:
    """Stands in for the second decoder: records its calls and returns `pictures`."""

    def __init__(self, pictures: int) -> None:
        self.asked: list[bytes] = []
        self._pictures = pictures

    def __call__(self, path: bytes, count: int, shape: PictureShape) -> list[Picture]:
        self.asked.append(path)
        return [np.zeros((shape.size, shape.size, 3), np.uint8)] * min(count, self._pictures)


def test_a_stream_that_pyav_knows_no_decoder_for_is_given_to_the_second_one(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", sound="sine")
    path.write_bytes(path.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_MPEG4/ISO/XXX"))
    second = Second(5)
    found = read_clip(os.fsencode(path), 5, PictureShape(32), sound=True, second_decoder=second)
    assert (len(found.pictures), found.sound.state, second.asked) == (5, "heard", [os.fsencode(path)])
    with pytest.raises(UnreadableVideo, match="no decoder for"):
        read_clip(os.fsencode(path), 5, PictureShape(32), sound=True, second_decoder=Second(0))
    with pytest.raises(UnreadableVideo, match="no decoder for"):
        read_clip(os.fsencode(path), 5, PictureShape(32), sound=True)


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
    assert len(read_clip(path, 5, PictureShape(32), sound=False, second_decoder=Second(3)).pictures) == 3


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
            read_clip(os.fsencode(path), 5, PictureShape(32), sound=False, second_decoder=second)

    def fail(*_: object) -> None:
        raise av.error.FFmpegError(errno.EIO, "Input/output error")

    monkeypatch.setattr(clip, "pick", fail)  # the disk's fault
    with pytest.raises(UnreadableVideo, match="cannot be read"):
        read_clip(os.fsencode(whole), 5, PictureShape(32), sound=False, second_decoder=second)
    assert second.asked == []
