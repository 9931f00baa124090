"""Places that a scan cannot look at: unknown, and not gone."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from support.disks import as_nobody
from support.tree import make

from sorterd.library.layout import LayoutRules
from sorterd.library.openat import opened
from sorterd.library.scan import RootUnavailable, scan

RULES = LayoutRules()


def test_a_root_that_is_a_symlink_is_the_owners_choice(tmp_path: Path) -> None:
    make(tmp_path / "real", {"a.mp4": b"1"})
    (tmp_path / "videos").symlink_to(tmp_path / "real")
    assert set(scan(tmp_path / "videos", RULES).files) == {"a.mp4"}


def test_folders_nested_beyond_the_longest_path_do_not_break_a_scan(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1"})
    deep = os.open(tmp_path, os.O_RDONLY)
    for _ in range(60):
        os.mkdir("d" * 200, dir_fd=deep)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = below
    os.close(os.open("b.mp4", os.O_CREAT | os.O_WRONLY, dir_fd=deep))
    os.close(deep)
    found = set(scan(tmp_path, RULES).files)
    assert found == {"a.mp4", "/".join(["d" * 200] * 60 + ["b.mp4"])}


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda _: None, "is not there"),
        (lambda root: root.write_bytes(b"x"), "is not a folder"),
        (lambda root: root.symlink_to(root), "cannot be read"),
    ],
)
def test_an_unreadable_root_has_its_own_error(tmp_path: Path, prepare: Callable[[Path], None], words: str) -> None:
    root = tmp_path / "videos"
    prepare(root)
    with pytest.raises(RootUnavailable, match=words):
        scan(root, RULES)


def test_folders_that_may_not_be_read_are_unknown_and_not_gone(open_folder: Path) -> None:
    make(open_folder, {"a.mp4": b"1", "cats": {"b.mp4": b"2", "deep": {"c.mp4": b"3"}}, "dogs": {"d.mp4": b"4"}})
    for folder in ("cats/deep", "dogs"):
        (open_folder / folder).chmod(0)
    with as_nobody():
        listing = scan(open_folder, RULES)
    for folder in ("cats/deep", "dogs"):
        (open_folder / folder).chmod(0o700)
    assert set(listing.files) == {"a.mp4", "cats/b.mp4"}
    assert set(listing.categories) == {"cats", "dogs"}
    assert listing.unreadable == (
        ("cats/deep", "the folder cannot be read: Permission denied"),
        ("dogs", "the folder cannot be read: Permission denied"),
    )


def test_a_root_that_may_not_be_read_is_an_error_that_says_what_to_do(open_folder: Path) -> None:
    make(open_folder, {"a.mp4": b"1"})
    open_folder.chmod(0)
    try:
        with as_nobody(), pytest.raises(RootUnavailable, match="allow sorterd's user to read it"):
            scan(open_folder, RULES)
    finally:
        open_folder.chmod(0o700)


def test_names_that_can_be_listed_but_not_looked_at_are_unknown(open_folder: Path) -> None:
    make(open_folder, {"cats": {"a.mp4": b"1"}})
    (open_folder / "cats").chmod(0o744 if os.geteuid() == 0 else 0o400)  # listed, but not entered
    with as_nobody():
        listing = scan(open_folder, RULES)
    (open_folder / "cats").chmod(0o700)
    assert (dict(listing.files), listing.unreadable) == (
        {},
        (("cats/a.mp4", "cannot be looked at: Permission denied"),),
    )


def test_a_folder_that_vanishes_during_the_scan_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a.mp4": b"1", "cats": {"b.mp4": b"2"}})
    _failing_to_open(monkeypatch, "cats", FileNotFoundError(2, "No such file or directory"))
    listing = scan(tmp_path, RULES)
    assert set(listing.files) == {"a.mp4"}
    assert listing.unreadable == ()


def test_a_root_that_is_replaced_during_the_scan_is_doubted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make(tmp_path / "videos", {"a.mp4": b"1", "cats": {}})

    def looked_at(top: Path | int, path: str) -> AbstractContextManager[int]:
        if path == "cats":
            root.rename(tmp_path / "elsewhere")
            root.mkdir()
        return opened(top, path)

    monkeypatch.setattr("sorterd.library.scan.opened", looked_at)
    with pytest.raises(RootUnavailable, match="replaced"):
        scan(root, RULES)


def _failing_to_open(monkeypatch: pytest.MonkeyPatch, folder: str, error: OSError) -> None:
    def looked_at(top: Path | int, path: str) -> AbstractContextManager[int]:
        if path == folder:
            raise error
        return opened(top, path)

    monkeypatch.setattr("sorterd.library.scan.opened", looked_at)
