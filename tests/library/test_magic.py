from pathlib import Path

import pytest
from support.films import film

from sorterd.library.magic import HEAD_BYTES, is_apple_double, is_video


@pytest.mark.parametrize("kind", ["mp4", "mov", "m4v", "3gp", "mkv", "avi", "mpg", "ts", "flv", "asf"])
def test_a_video_is_recognised_by_its_first_bytes(tmp_path: Path, kind: str) -> None:
    codec = {"flv": "flv1", "3gp": "mpeg4", "asf": "mpeg4", "avi": "mpeg4", "mpg": "mpeg2video"}.get(kind, "libx264")
    made = film(tmp_path / f"a.{kind}", seconds=0.5, fps=25, codec=codec, size=(176, 144))
    head = made.read_bytes()[:HEAD_BYTES]
    assert is_video(head)
    assert not is_apple_double(head)


@pytest.mark.parametrize(
    "head", [b"", b"\0" * 400, b"G", b"GIF89a", b"#!/bin/sh", b"RIFF\0\0\0\0WAVE", b"\0\x05\x16\x07", b"PK\3\4"]
)
def test_anything_else_is_no_video(head: bytes) -> None:
    assert not is_video(head)


def test_an_apple_double_is_recognised_by_its_magic_number() -> None:
    assert is_apple_double(b"\0\x05\x16\x07\0\x02\0\0Mac OS X        ")
