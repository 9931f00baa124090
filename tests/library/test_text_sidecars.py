import os
from pathlib import Path

import pytest
from support.disks import as_nobody
from support.tree import make

from sorterd.captions.source import FileSeen
from sorterd.library.layout import LayoutRules
from sorterd.library.scan import _Walk, scan
from sorterd.library.text_sidecars import text_sidecars

RULES = LayoutRules()


@pytest.mark.parametrize(
    "name",
    [
        "x.info.json", "x.json", "x.description", "x.txt", "x.mp4.json", "x.mp4.txt", "x.INFO.JSON",
    ],
)  # fmt: skip
def test_what_downloaders_write_beside_a_video_belongs_to_it(name: str) -> None:
    assert text_sidecars([name], ["x.mp4"]) == {"x.mp4": [name]}


@pytest.mark.parametrize(
    "name",
    [
        "x.live_chat.json", "x.en.txt", "x.comments.json", "x.srt", "y.txt", "notes.txt", "x.txt.part", "x 2.txt",
        ".txt", "txt", "x.temp.info.json.txt",
    ],
)  # fmt: skip
def test_subtitles_comments_and_other_files_do_not(name: str) -> None:
    assert text_sidecars([name], ["x.mp4"]) == {}


def test_a_file_that_could_belong_to_two_videos_belongs_to_none() -> None:
    assert text_sidecars(["x.txt"], ["x.mp4", "x.mkv"]) == {}
    assert text_sidecars(["x.mp4.txt"], ["x.mp4", "x.mkv"]) == {"x.mp4": ["x.mp4.txt"]}


def test_the_longer_name_decides() -> None:
    assert text_sidecars(["x.y.txt"], ["x.mp4", "x.y.mp4"]) == {"x.y.mp4": ["x.y.txt"]}


def test_names_are_compared_in_one_unicode_form() -> None:
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    assert text_sidecars([f"{decomposed}.txt"], [f"{composed}.mp4"]) == {f"{composed}.mp4": [f"{decomposed}.txt"]}


def test_a_scan_lists_them_only_if_it_is_asked_to(tmp_path: Path) -> None:
    make(tmp_path, {"cats": {"x.mp4": b"1", "x.txt": b"a cat", "x.jpg": b"", "y.mp4": b"2"}})
    stamp = (tmp_path / "cats/x.txt").stat()
    assert scan(tmp_path, RULES).texts == {}
    found = scan(tmp_path, RULES, texts=True).texts
    assert found == {"cats/x.mp4": (FileSeen("x.txt", 5, stamp.st_mtime_ns),)}


def test_what_is_no_regular_file_is_not_listed(tmp_path: Path) -> None:
    make(tmp_path, {"x.mp4": b"1", "y.mp4": b"2", "secret": b"secret"})
    os.mkfifo(tmp_path / "x.txt")
    (tmp_path / "x.json").mkdir()
    (tmp_path / "y.txt").symlink_to(tmp_path / "secret")
    assert not any(scan(tmp_path, RULES, texts=True).texts.values())


def test_one_that_cannot_be_read_is_not_listed_until_it_can_be(open_folder: Path) -> None:
    make(open_folder, {"x.mp4": b"1", "x.txt": b"a cat"})
    stamp = (open_folder / "x.txt").stat().st_mtime_ns
    listed = []
    for mode in (0o000, 0o644):
        (open_folder / "x.txt").chmod(mode)
        with as_nobody():
            listed.append(scan(open_folder, RULES, texts=True).texts["x.mp4"])
    assert listed == [(), (FileSeen("x.txt", 5, stamp),)]  # nothing but the list tells that it can be read now


def test_no_other_file_is_looked_at_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"x.mp4": b"1", "x.txt": b"", "x.jpg": b"", "notes.txt": b"", "other.json": b""})
    asked: list[str] = []
    usual = _Walk._lstat

    def counted(walk: _Walk, entry: os.DirEntry[str], path: str) -> os.stat_result | None:
        asked.append(path)
        return usual(walk, entry, path)

    monkeypatch.setattr(_Walk, "_lstat", counted)
    scan(tmp_path, RULES, texts=True)
    assert sorted(asked) == ["x.mp4", "x.txt"]
