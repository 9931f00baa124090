"""The files of a task on another machine: always a copy of the content that home named, or none."""

import os
from pathlib import Path

import pytest

from pool.machines import fingerprint
from sorterd.pool.machine.incoming import Incoming, NotToBeHad

CONTENT = b"a video" * 1000


@pytest.fixture
def incoming(tmp_path: Path) -> Incoming:
    (tmp_path / "videos" / "cats").mkdir(parents=True)
    (tmp_path / "videos" / "cats" / "a.MP4").write_bytes(CONTENT)
    return Incoming(tmp_path / "task", tmp_path / "videos")


def test_a_file_of_the_shared_folder_is_copied(incoming: Incoming) -> None:
    copy = incoming.copy(fingerprint(CONTENT), b"cats/a.MP4")
    assert copy.parent == incoming.folder
    assert copy.suffix == ".MP4"
    assert copy.read_bytes() == CONTENT
    incoming.discard()
    assert not incoming.folder.exists()


def test_no_link_and_no_path_leads_out_of_the_shared_folder(incoming: Incoming, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(CONTENT)
    (tmp_path / "videos" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "videos" / "folder").symlink_to(tmp_path)
    (tmp_path / "videos" / "up").symlink_to("..")
    os.mkfifo(tmp_path / "videos" / "pipe.mp4")
    absolute = os.fsencode(tmp_path / "secret")
    for path in (b"link", b"folder/secret", b"up/secret", b"../secret", absolute, b"", b"cats", b"pipe.mp4", b"a\0b"):
        with pytest.raises(NotToBeHad, match="cannot be read in the folder of videos there: "):
            incoming.copy(fingerprint(CONTENT), path)


def test_another_content_under_the_name_is_not_taken(incoming: Incoming) -> None:
    with pytest.raises(NotToBeHad, match="is another one"):
        incoming.copy(fingerprint(b"what home knows"), b"cats/a.MP4")
    assert not list(incoming.folder.iterdir())


def test_pieces_make_the_whole_file_and_nothing_else_does(incoming: Incoming) -> None:
    name = fingerprint(CONTENT)
    assert incoming.add(name, b"x.mp4", CONTENT[:10], last=False) is None
    whole = incoming.add(name, b"x.mp4", CONTENT[10:], last=True)
    assert whole is not None
    assert whole.read_bytes() == CONTENT
    other = fingerprint(b"other")
    incoming.add(other, b"y.mp4", b"oth", last=False)
    with pytest.raises(NotToBeHad, match="did not arrive whole"):
        incoming.add(other, b"y.mp4", b"ar", last=True)


@pytest.mark.parametrize("name", ["", "../../x", "g" * 32, "A" * 32, "0" * 31, "0" * 33])
def test_a_fingerprint_is_never_a_path(incoming: Incoming, name: str, tmp_path: Path) -> None:
    with pytest.raises(NotToBeHad, match="its fingerprint is none"):
        incoming.add(name, b"x.mp4", b"", last=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["videos"]


@pytest.mark.parametrize("path", [b"x", b"x.", b"x.mp4;rm", b"x.m/p4", b"x.\xff", b"x." + b"a" * 50])
def test_a_strange_ending_is_left_out(incoming: Incoming, path: bytes) -> None:
    whole = incoming.add(fingerprint(b""), path, b"", last=True)
    assert whole is not None
    assert whole.suffix == ""


def test_without_a_shared_folder_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(NotToBeHad, match="no folder of videos"):
        Incoming(tmp_path / "task", None).copy("0" * 32, b"a.mp4")
