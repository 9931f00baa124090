"""The tags inside a file, real and made to harm."""

import os
from pathlib import Path

import pytest
from support.films import film
from support.other_process import printed

from features.odd_films import packed_again
from sorterd.captions.sidecar import Unavailable
from sorterd.features.file_tags import file_tags

HUGE = 400 << 20
TAGS = {"description": "a bowl on the wheel", "comment": "https://www.tiktok.com/@jane.clay/video/7301234567890123456"}

READ = """
import os, re, sys, time
from sorterd.features.file_tags import file_tags
began = time.process_time()
longest = max(map(len, file_tags(os.fsencode(sys.argv[1])).values()), default=0)
status = open("/proc/self/status").read() if os.path.exists("/proc/self/status") else "VmHWM: 0"
print(longest, time.process_time() - began, int(re.search(r"VmHWM:\\s*(\\d+)", status)[1]) // 1024)
"""


def tagged(path: Path, tags: dict[str, str]) -> Path:
    """Write a short video with these tags."""
    return packed_again(film(path.with_name("plain.mp4"), seconds=0.3), path, tags=tags)


def box(kind: bytes, content: bytes, more: int = 0) -> bytes:
    """Return an MP4 box whose size counts `more` bytes that follow."""
    return (8 + len(content) + more).to_bytes(4, "big") + kind + content


def with_a_huge_tag(path: Path, *, first: bool) -> Path:
    """Write a video with a description of `HUGE` zeros, which take no room on disk."""
    made = tagged(path.with_name("small.mp4"), TAGS).read_bytes()
    data = box(b"data", b"\0\0\0\1\0\0\0\0", HUGE)
    items = box(b"ilst", box(b"desc", data, HUGE), HUGE)
    handler = box(b"hdlr", b"\0" * 8 + b"mdirappl" + b"\0" * 9)
    user_data = box(b"udta", box(b"meta", b"\0" * 4 + handler + items, HUGE), HUGE)
    begin = int.from_bytes(made[:4], "big") if first else len(made)  # after `ftyp`, or at the end
    with path.open("wb") as file:
        file.write(made[:begin] + user_data)
        file.seek(HUGE, os.SEEK_CUR)
        file.write(made[begin:] + box(b"free", b"end"))
    return path


@pytest.mark.parametrize("ending", [".mp4", ".mkv", ".m4v"])
def test_tags_are_read_with_names_in_small_letters(tmp_path: Path, ending: str) -> None:
    found = file_tags(os.fsencode(tagged(tmp_path / f"a{ending}", TAGS)))
    assert {name: found.get(name) for name in TAGS} == TAGS


def test_a_packed_header_is_not_unpacked(tmp_path: Path) -> None:
    made = tagged(tmp_path / "a.mp4", TAGS).read_bytes()
    at = made.index(b"moov") + 4
    path = tmp_path / "packed.mp4"
    path.write_bytes(made[: at + 4] + b"cmov" + made[at + 8 :])
    assert file_tags(os.fsencode(path)) == {}


def test_a_film_in_fragments_has_its_tags(tmp_path: Path) -> None:
    path = tagged(tmp_path / "a.mp4", TAGS)
    path.write_bytes(path.read_bytes() + (box(b"moof", b"\0" * 8) + box(b"mdat", b"\0" * 100)) * 900)
    assert file_tags(os.fsencode(path))["description"] == TAGS["description"]


@pytest.mark.parametrize("content", [b"", b"no video", b"\0\0\0\x18ftypisom" + b"\0" * 100])
def test_what_is_no_video_has_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    assert file_tags(os.fsencode(path)) == {}


def test_a_named_pipe_and_a_folder_have_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "folder.mp4").mkdir()
    for name in ("pipe.mp4", "folder.mp4"):
        assert file_tags(os.fsencode(tmp_path / name)) == {}


def test_what_is_gone_may_come_again(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        file_tags(os.fsencode(tmp_path / "nothing.mp4"))


@pytest.mark.parametrize("first", [True, False])
def test_a_huge_tag_is_neither_read_nor_kept(tmp_path: Path, first: bool) -> None:
    path = with_a_huge_tag(tmp_path / "huge.mp4", first=first)
    longest, seconds, megabytes = printed(READ, path).split()
    assert int(longest) < 10_000
    assert float(seconds) < 2
    assert int(megabytes) < 250
