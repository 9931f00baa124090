"""The tags inside a video file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from features.odd_films import red_film
from sorterd.features.file_tags import file_tags


@pytest.mark.parametrize("end", ["mp4", "mkv", "mov"])
def test_description_and_title_are_read_whatever_the_container(tmp_path: Path, end: str) -> None:
    path = red_film(
        tmp_path / f"a.{end}",
        container={"movflags": "use_metadata_tags"} if end in ("mp4", "mov") else {},
        more=lambda out: out.metadata.update({"title": "A title", "description": "What it shows #pottery"}),
    )
    tags = file_tags(os.fsencode(path))
    assert (tags["title"], tags["description"]) == ("A title", "What it shows #pottery")


def test_what_is_no_video_has_none(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video at all")
    (tmp_path / "empty.mp4").touch()
    os.mkfifo(tmp_path / "pipe.mp4")
    for name in ("text.mp4", "empty.mp4", "pipe.mp4", "gone.mp4"):
        assert file_tags(os.fsencode(tmp_path / name)) == {}


def test_a_gigantic_tag_is_not_read_into_memory(tmp_path: Path) -> None:
    path = red_film(tmp_path / "a.mp4")
    data = path.read_bytes()
    at = data.index(b"moov") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    path.write_bytes(data[:at] + (size + (64 << 20)).to_bytes(4, "big") + data[at + 4 : at + size])
    os.truncate(path, path.stat().st_size + (64 << 20))
    assert file_tags(os.fsencode(path)) == {}
