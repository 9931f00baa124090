"""Pictures lie in the state folder, one pair per content, and nothing else there is taken for one."""

from pathlib import Path

import pytest

from sorterd.pictures import files

ONE, TWO = "0" * 32, "ab" * 16


def test_both_are_written_for_the_user_alone_and_found_again(tmp_path: Path) -> None:
    assert files.save(tmp_path, TWO, b"poster", b"strip") == 11
    assert files.poster_path(tmp_path, TWO) == tmp_path / "pictures" / "ab" / f"{TWO}.webp"
    assert files.poster_path(tmp_path, TWO).read_bytes() == b"poster"
    assert files.strip_path(tmp_path, TWO).read_bytes() == b"strip"
    for path in (files.poster_path(tmp_path, TWO), files.strip_path(tmp_path, TWO)):
        assert path.stat().st_mode & 0o777 == 0o600
    assert files.find(tmp_path) == files.Found({TWO: 11}, [])


def test_new_pictures_replace_old_ones_and_forgotten_ones_are_gone(tmp_path: Path) -> None:
    files.save(tmp_path, ONE, b"old", b"old")
    files.save(tmp_path, ONE, b"new poster", b"new strip")
    assert files.poster_path(tmp_path, ONE).read_bytes() == b"new poster"
    files.forget(tmp_path, ONE)
    files.forget(tmp_path, ONE)
    assert files.find(tmp_path) == files.Found({}, [])


def test_a_link_in_the_way_is_not_written_through(tmp_path: Path) -> None:
    other = tmp_path / "precious"
    other.write_bytes(b"precious")
    path = files.poster_path(tmp_path, ONE)
    path.parent.mkdir(parents=True)
    path.symlink_to(other)
    path.with_name(path.name + ".unfinished").symlink_to(other)
    files.save(tmp_path, ONE, b"poster", b"strip")
    assert other.read_bytes() == b"precious"
    assert not path.is_symlink()


def test_what_a_killed_writer_left_is_found_and_no_file_of_the_user(tmp_path: Path) -> None:
    files.save(tmp_path, ONE, b"poster", b"strip")
    left = files.poster_path(tmp_path, ONE).with_name(f"{TWO}.webp.unfinished")
    for path in (left, left.with_name("holiday.webp"), left.with_name(f"{TWO}.jpg"), left.with_name("x.unfinished")):
        path.write_bytes(b"half")
    assert files.find(tmp_path) == files.Found({ONE: 11}, [left])


@pytest.mark.parametrize("name", ["", "x", "../../../etc/passwd", "A" * 32, "0" * 33, f"{'0' * 32}\n"])
def test_what_is_no_fingerprint_has_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no fingerprint"):
        files.poster_path(tmp_path, name)
