import os
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.disks import small_disk
from support.tree import id_of, make

from sorterd.library.files import FolderId
from sorterd.library.layout import LayoutRules
from sorterd.library.scan import scan

RULES = LayoutRules()


def test_videos_and_categories_are_listed_and_nothing_else(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "notes.txt": b"", "cats": {"b.MOV": b"2", "deep": {"c.mkv": b"3"}}, "empty": {}})
    listing = scan(tmp_path, RULES)
    assert set(listing.files) == {"a.mp4", "cats/b.MOV", "cats/deep/c.mkv"}
    assert set(listing.categories) == {"cats", "empty"}
    assert listing.unreadable == ()


def test_a_scan_returns_what_lstat_tells(tmp_path: Path) -> None:
    make(tmp_path, {"cats": {"a.mp4": b"12345"}})
    os.utime(tmp_path / "cats/a.mp4", ns=(1, 2_000_000_000))
    listing = scan(tmp_path, RULES)
    seen = listing.files["cats/a.mp4"]
    assert seen.path == "cats/a.mp4"
    assert seen.id == id_of(tmp_path / "cats/a.mp4")
    assert (seen.id.size, seen.id.mtime_ns) == (5, 2_000_000_000)
    # The mtime is long ago, but the file was touched just now.
    assert seen.touched_ns == (tmp_path / "cats/a.mp4").stat().st_ctime_ns
    folder = (tmp_path / "cats").stat()
    assert listing.categories["cats"] == FolderId(folder.st_dev, folder.st_ino)
    assert listing.root == FolderId(tmp_path.stat().st_dev, tmp_path.stat().st_ino)


def test_hidden_junk_and_ignored_places_are_skipped(tmp_path: Path) -> None:
    video = {"x.mp4": b"1"}
    make(tmp_path, {"@eaDir": video, ".Trash-1000": video, ".stfolder": video, "drafts": video, "cats": {"raw": video}})
    make(tmp_path, {"._a.mp4": b"\0\x05\x16\x07", ".sorterd-00.part": b"", "lost+found": video, "x.app": video})
    listing = scan(tmp_path, LayoutRules.of(["mp4"], ["drafts", "cats/raw"]))
    assert dict(listing.files) == {}
    assert set(listing.categories) == {"cats"}


def test_symlinks_are_neither_followed_nor_listed(tmp_path: Path) -> None:
    make(tmp_path / "outside", {"secret.mp4": b"1"})
    root = make(tmp_path / "root", {"a.mp4": b"1", "cats": {}})
    (root / "link.mp4").symlink_to(root / "a.mp4")
    (root / "out.mp4").symlink_to(tmp_path / "outside/secret.mp4")
    (root / "dangling.mp4").symlink_to("nowhere")
    (root / "friends").symlink_to(tmp_path / "outside")
    (root / "cats" / "loop").symlink_to(root)
    listing = scan(root, RULES)
    assert set(listing.files) == {"a.mp4"}
    assert set(listing.categories) == set(), "in it nothing but a link lies"
    assert set(listing.folders) == set(listing.without_videos) == {"cats"}
    assert dict(listing.left_alone).keys() == {"link.mp4", "out.mp4", "dangling.mp4", "friends", "cats/loop"}


def test_what_only_looks_like_a_video_file_is_not_listed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "folder.mp4").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(tmp_path / "s.mp4"))
        listing = scan(tmp_path, RULES)
    assert dict(listing.files) == {}
    assert dict(listing.categories) == {}
    assert dict(listing.left_alone) == {
        "pipe.mp4": "no plain file",
        "s.mp4": "no plain file",
        "folder.mp4": "folder with the name of a video",
    }


def test_every_kind_of_write_shows_as_a_touch(tmp_path: Path) -> None:
    """A pre-allocated file keeps its size, `cp -p` an old mtime, and a rename from `.part` changes neither."""
    make(tmp_path, {"cats": {}, "a.mp4.part": b"0" * 10})
    old = (1_000_000_000, 1_000_000_000)

    def touched() -> int:
        return scan(tmp_path, RULES).files["a.mp4"].touched_ns

    def after(action: Callable[[], object]) -> int:
        (tmp_path / "clock").touch()
        before = (tmp_path / "clock").stat().st_mtime_ns
        action()
        return before

    assert after(lambda: (tmp_path / "a.mp4.part").rename(tmp_path / "a.mp4")) <= touched()
    assert after(lambda: (tmp_path / "a.mp4").write_bytes(b"1" * 10)) <= touched()
    assert after(lambda: os.utime(tmp_path / "a.mp4", ns=old)) <= touched()
    assert after(lambda: (tmp_path / "a.mp4").chmod(0o600)) <= touched()


def test_hard_links_are_two_files_with_one_identity(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "cats": {}})
    (tmp_path / "cats/b.mp4").hardlink_to(tmp_path / "a.mp4")
    listing = scan(tmp_path, RULES)
    assert listing.files["a.mp4"].id == listing.files["cats/b.mp4"].id


def test_a_disk_mounted_inside_belongs_to_the_library(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1"})
    with small_disk(tmp_path / "cats") as disk:
        make(disk, {"b.mp4": b"2"})
        listing = scan(tmp_path, RULES)
    assert set(listing.files) == {"a.mp4", "cats/b.mp4"}
    assert listing.categories["cats"].device != listing.root.device


def test_tracks_of_a_download_come_with_the_last_change_of_any_of_its_files(tmp_path: Path) -> None:
    make(tmp_path, {"a.f137.mp4": b"1", "a.f251.webm.part": b"2", "b.final.mp4": b"3"})
    make(tmp_path, {"c.mp4": b"4", "c.mp4.aria2": b""})
    os.utime(tmp_path / "a.f251.webm.part", (2e9, 2e9))
    unfinished = scan(tmp_path, RULES).unfinished
    assert set(unfinished) == {"a.f137.mp4", "c.mp4"}
    assert unfinished["a.f137.mp4"].changed_ns == 2_000_000_000_000_000_000
    assert unfinished["c.mp4"].changed_ns is None


FILM = b"\0\0\0\x18ftypisom"


@pytest.mark.parametrize(
    "name", ["...wait for it #fyp.mp4", "._.puppy 7388.mp4", ".a.mp4", ". #fyp.mp4", "..mp4.mp4", "._a.mp4", ".#x.mp4"]
)
def test_a_dot_alone_hides_no_video(tmp_path: Path, name: str) -> None:
    make(tmp_path, {name: FILM, "cats": {name: FILM}})
    listing = scan(tmp_path, RULES)
    assert set(listing.files) == {name, f"cats/{name}"}
    assert listing.left_alone == ()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("._a.mp4", b"\0\x05\x16\x07\0\x02\0\0Mac OS X", "AppleDouble"),
        (".a.mp4", b"#!/bin/sh", "does not begin like a video"),
        (".a.mp4", b"", "does not begin like a video"),
        (".in.a.mp4", FILM, "lftp"),
        (".pending-1700000000-a.mp4", FILM, "Android"),
        (".a.mp4.Xy12Zq", FILM, "not brought here yet"),
        (".a.mp4.icloud", b"", "not brought here yet"),
        (".a.xyz", FILM, "hidden file"),
        ("Unconfirmed 1234.crdownload", FILM, "not finished"),
        ("clip.unknown_video", FILM, r"\.unknown_video"),
        ("clip.divx", FILM, r"\.divx"),
        ("clip", FILM, "no extension"),
        ("clip.mp4.part", FILM, "not finished"),
        ("clip.mp4.crdownload", FILM, "not finished"),
    ],
)
def test_what_is_left_alone_is_named_with_the_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    make(tmp_path, {"cats": {name: content}})
    listing = scan(tmp_path, RULES)
    assert dict(listing.files) == {}
    ((path, why),) = listing.left_alone
    assert path == f"cats/{name}"
    assert re.search(reason, why)


def test_files_that_are_plainly_no_video_or_belong_to_one_need_no_reason(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "a.info.json": b"", "a.jpg": b"", "a.xyz": b"", "a.en.odd": b"", "notes.txt": b""})
    make(tmp_path, {"song.m4a": b"", "b.srt": b"", "c.f140.m4a.part": b"", ".DS_Store": b"", "@eaDir": {}})
    assert scan(tmp_path, RULES).left_alone == ()


def test_a_folder_is_a_category_if_it_is_empty_or_videos_lie_in_it(tmp_path: Path) -> None:
    make(tmp_path, {"cats": {"deep": {"a.mp4": b"1"}, "notes.txt": b""}, "new": {".DS_Store": b""}})
    make(tmp_path, {"slides": {"1.jpg": b"", "a.m4a": b""}, "sounds": {"deep": {"b.m4a": b""}}})
    make(tmp_path, {"x.mp4.download": {"x.mp4": b"1"}, "parts": {"a.mp4.part": b""}})
    make(tmp_path, {"x.trickplay": {"320": {"0.jpg": b""}}, "(A Document Being Saved By Safari 2)": {"a.mp4": b"1"}})
    make(tmp_path, {"Lib.photoslibrary": {"a.mp4": b"1"}, "iMovie Library.imovielibrary": {"a.mp4": b"1"}})
    make(tmp_path, {"dogs": {"b.mp4.download": {"b.mp4": b"1"}, "c.mp4": b"2"}})
    listing = scan(tmp_path, RULES)
    assert set(listing.categories) == {"cats", "new", "dogs"}
    assert set(listing.files) == {"cats/deep/a.mp4", "dogs/c.mp4"}


def test_ten_thousand_files_are_scanned_in_a_moment(tmp_path: Path) -> None:
    for folder in range(10):
        (tmp_path / f"c{folder}").mkdir()
        for number in range(1_000):
            (tmp_path / f"c{folder}" / f"{number}.mp4").touch()
    start = time.process_time()  # not wall-clock time: the machine may be busy
    assert len(scan(tmp_path, RULES).files) == 10_000
    assert time.process_time() - start < 0.5
