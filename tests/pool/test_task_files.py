"""The files of a task on another machine: always a copy of the content that home named, or none."""

import os
from pathlib import Path

import pytest

from pool.machines import fingerprint
from sorterd.pool.machine.task_files import NotToBeHad, TaskFiles
from sorterd.pool.messages import Piece, Source
from sorterd.worker.wire import WireError

CONTENT = b"a video" * 1000
NAME = fingerprint(CONTENT)


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    (tmp_path / "videos" / "cats").mkdir(parents=True)
    (tmp_path / "videos" / "cats" / "a.MP4").write_bytes(CONTENT)
    return tmp_path / "videos"


def by_path(path: bytes, name: str = NAME) -> Source:
    return Source(name, path, follows=False)


def task(folder: Path, *paths: bytes, name: str = NAME) -> TaskFiles:
    """The files of a task whose videos are sent."""
    return TaskFiles(folder / "task", folder / "videos", tuple(Source(name, path, follows=True) for path in paths))


def test_a_file_of_the_shared_folder_is_copied(videos: Path) -> None:
    files = task(videos.parent)
    assert files.arrived.is_set()
    files.copy(by_path(b"cats/a.MP4"))
    copy = files.here[NAME]
    assert copy.parent == files.folder
    assert copy.suffix == ".MP4"
    assert copy.read_bytes() == CONTENT
    files.discard()
    assert not files.folder.exists()


def test_no_link_and_no_path_leads_out_of_the_shared_folder(videos: Path) -> None:
    (videos.parent / "secret").write_bytes(CONTENT)
    (videos / "link").symlink_to(videos.parent / "secret")
    (videos / "folder").symlink_to(videos.parent)
    (videos / "up").symlink_to("..")
    os.mkfifo(videos / "pipe.mp4")
    absolute = os.fsencode(videos.parent / "secret")
    for path in (b"link", b"folder/secret", b"up/secret", b"../secret", absolute, b"", b"cats", b"pipe.mp4", b"a\0b"):
        with pytest.raises(NotToBeHad, match="cannot be read in the folder of videos there: "):
            task(videos.parent).copy(by_path(path))


def test_another_content_under_the_name_is_not_taken(videos: Path) -> None:
    files = task(videos.parent)
    with pytest.raises(NotToBeHad, match="is another one"):
        files.copy(by_path(b"cats/a.MP4", fingerprint(b"what home knows")))
    assert not list(files.folder.iterdir())


def test_pieces_make_the_whole_file_and_nothing_else_does(tmp_path: Path) -> None:
    files = task(tmp_path, b"x.mp4")
    files.add(Piece(1, NAME, CONTENT[:10], last=False))
    files.add(Piece(1, "0" * 32, b"of another video", last=True))
    assert not files.arrived.is_set()
    files.add(Piece(1, NAME, CONTENT[10:], last=True))
    assert files.here[NAME].read_bytes() == CONTENT
    assert files.arrived.is_set()
    cut = task(tmp_path / "other", b"y.mp4")
    with pytest.raises(NotToBeHad, match="did not arrive whole"):
        cut.add(Piece(1, NAME, CONTENT[:-1], last=True))
    assert (cut.here, cut.arrived.is_set()) == ({}, True)


def test_a_piece_that_cannot_be_kept_is_the_failure_of_this_machine(tmp_path: Path) -> None:
    files = task(tmp_path, b"x.mp4")
    (tmp_path / "task").write_bytes(b"no folder")
    files.add(Piece(1, NAME, b"x", last=False))
    assert files.arrived.is_set()
    assert isinstance(files.failure, FileExistsError)
    files.discard()


@pytest.mark.parametrize("name", ["", "../../x", "g" * 32, "A" * 32, "0" * 31, "0" * 33])
def test_a_fingerprint_is_never_a_path(name: str, tmp_path: Path) -> None:
    with pytest.raises(WireError, match="a fingerprint that is none"):
        task(tmp_path, b"x.mp4", name=name)


@pytest.mark.parametrize("path", [b"x", b"x.", b"x.mp4;rm", b"x.m/p4", b"x.\xff", b"x." + b"a" * 50])
def test_a_strange_ending_is_left_out(path: bytes, tmp_path: Path) -> None:
    name = fingerprint(b"")
    files = task(tmp_path, path, name=name)
    files.add(Piece(1, name, b"", last=True))
    assert files.here[name].suffix == ""


def test_without_a_shared_folder_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(NotToBeHad, match="no folder of videos"):
        TaskFiles(tmp_path / "task", None, ()).copy(by_path(b"a.mp4"))
