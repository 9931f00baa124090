import os
import random
from hashlib import blake2b
from pathlib import Path

import pytest
from support.tree import id_of

from sorterd.library.fingerprint import Stopped, Unstable, fingerprint


def never() -> bool:
    return False


def test_the_same_content_has_the_same_fingerprint_wherever_it_lies(tmp_path: Path) -> None:
    content = random.Random(0).randbytes(3_000_001)
    (tmp_path / "a.mp4").write_bytes(content)
    (tmp_path / "b.mov").write_bytes(content)
    one = fingerprint(tmp_path / "a.mp4", never)
    assert one == fingerprint(tmp_path / "b.mov", never) == blake2b(content, digest_size=16).hexdigest()
    assert len(one) == 32


def test_one_byte_in_the_middle_makes_another_video(tmp_path: Path) -> None:
    content = bytearray(5_000_000)
    (tmp_path / "a.mp4").write_bytes(content)
    content[2_500_000] = 1
    (tmp_path / "b.mp4").write_bytes(content)
    assert fingerprint(tmp_path / "a.mp4", never) != fingerprint(tmp_path / "b.mp4", never)


def test_an_empty_file_has_a_fingerprint_too(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    assert fingerprint(tmp_path / "a.mp4", never) == blake2b(digest_size=16).hexdigest()


@pytest.mark.parametrize(("mode", "content"), [("ab", b"more"), ("r+b", b"other")], ids=["grows", "is rewritten"])
def test_a_file_is_unstable_that_while_it_is_read(tmp_path: Path, mode: str, content: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(3 << 20))

    def change() -> bool:
        with path.open(mode) as file:
            file.write(content)
        if mode == "r+b":
            os.utime(path, ns=(1, 1))
        return False

    with pytest.raises(Unstable, match="changed while"):
        fingerprint(path, change)


def test_a_disk_that_gives_less_than_it_promised_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"12345")
    monkeypatch.setattr(os, "readv", lambda *_: 0)
    with pytest.raises(Unstable):
        fingerprint(path, never)


def test_reading_ends_soon_after_it_was_asked_to(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(50 << 20))
    asked = 0

    def stop_at_the_third() -> bool:
        nonlocal asked
        asked += 1
        return asked == 3

    with pytest.raises(Stopped):
        fingerprint(path, stop_at_the_third)
    assert asked == 3


def test_only_the_file_that_the_scan_saw_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"one")
    expected = id_of(path)
    assert fingerprint(path, never, expected)
    path.rename(tmp_path / "kept.mp4")  # so that no other file gets its inode
    path.write_bytes(b"two")
    with pytest.raises(Unstable):
        fingerprint(path, never, expected)


def test_a_folder_swapped_for_a_symlink_is_not_followed_out_of_the_root(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.mp4").write_bytes(b"secret")
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats/a.mp4").write_bytes(b"public")
    expected = id_of(tmp_path / "cats/a.mp4")
    (tmp_path / "cats").rename(tmp_path / "dogs")
    (tmp_path / "cats").symlink_to("outside")
    with pytest.raises(Unstable):
        fingerprint(tmp_path / "cats/a.mp4", never, expected)


def test_symlinks_folders_and_pipes_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "real.mp4").write_bytes(b"1")
    (tmp_path / "link.mp4").symlink_to("real.mp4")
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "folder.mp4").mkdir()
    for name in ("link.mp4", "pipe.mp4", "folder.mp4", "missing.mp4"):
        with pytest.raises(OSError):
            fingerprint(tmp_path / name, never)
