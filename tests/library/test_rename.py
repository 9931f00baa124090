import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.disks import small_disk
from support.tree import make, read

from sorterd.library import rename
from sorterd.library.openat import opened
from sorterd.library.rename import rename_new


def unsupported(*_: object) -> bool:
    return False


def no_hard_links(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "no hard links here")


@pytest.fixture(params=["exclusive rename", "hard link", "reservation"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Yield the ways to rename, best first. For the later ones the earlier are taken away."""
    if request.param != "exclusive rename":
        monkeypatch.setattr(rename, "_rename_exclusively", unsupported)
    if request.param == "reservation":
        monkeypatch.setattr(rename, "_link_and_unlink", unsupported)
    return str(request.param)


def renamed(root: Path, source: str, target: str) -> None:
    with opened(root, "from") as here, opened(root, "to") as there:
        rename_new(here, source, there, target)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("name", ["a.mp4", "caf\udce9.mp4", "-rf.mp4", "😀\n.mp4", "n" * 251 + ".mp4"])
def test_a_file_gets_its_new_name(tmp_path: Path, name: str) -> None:
    make(tmp_path, {"from": {name: b"1"}, "to": {}})
    renamed(tmp_path, name, name)
    assert read(tmp_path) == {"from": {}, "to": {name: b"1"}}


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "take",
    [
        lambda taken: taken.write_bytes(b"theirs"),
        lambda taken: taken.symlink_to("nowhere"),
        lambda taken: taken.hardlink_to(taken.parents[1] / "from/a.mp4"),  # rename(2) would do nothing, successfully
    ],
    ids=["a file", "a dangling symlink", "another name of the same file"],
)
def test_a_taken_name_is_never_overwritten(tmp_path: Path, take: Callable[[Path], object]) -> None:
    make(tmp_path, {"from": {"a.mp4": b"mine"}, "to": {}})
    take(tmp_path / "to/a.mp4")
    before = read(tmp_path)
    with pytest.raises(FileExistsError):
        renamed(tmp_path, "a.mp4", "a.mp4")
    assert read(tmp_path) == before


@pytest.mark.usefixtures("way")
def test_a_source_that_is_gone_leaves_nothing_at_the_target(tmp_path: Path) -> None:
    make(tmp_path, {"from": {}, "to": {}})
    with pytest.raises(FileNotFoundError):
        renamed(tmp_path, "a.mp4", "a.mp4")
    assert read(tmp_path) == {"from": {}, "to": {}}


def test_another_disk_is_an_error_that_the_caller_can_tell(tmp_path: Path) -> None:
    make(tmp_path, {"from": {"a.mp4": b"1"}})
    with small_disk(tmp_path / "to"):
        with pytest.raises(OSError) as caught:
            renamed(tmp_path, "a.mp4", "a.mp4")
        assert caught.value.errno == errno.EXDEV
        assert read(tmp_path) == {"from": {"a.mp4": b"1"}, "to": {}}


@pytest.mark.skipif(sys.platform != "linux", reason="about renameat2")
def test_the_atomic_way_is_the_one_taken_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rename, "_link_and_unlink", pytest.fail)
    make(tmp_path, {"from": {"a.mp4": b"1"}, "to": {}})
    renamed(tmp_path, "a.mp4", "a.mp4")


def test_a_hard_link_is_taken_back_if_the_old_name_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"from": {"a.mp4": b"1"}, "to": {}})
    real = os.unlink

    def unlink(name: str, *, dir_fd: int) -> None:
        if os.fstat(dir_fd).st_ino == (tmp_path / "from").stat().st_ino:
            raise PermissionError(errno.EACCES, "not here")
        real(name, dir_fd=dir_fd)

    monkeypatch.setattr(rename, "_rename_exclusively", unsupported)
    monkeypatch.setattr(os, "unlink", unlink)
    with pytest.raises(PermissionError):
        renamed(tmp_path, "a.mp4", "a.mp4")
    assert read(tmp_path) == {"from": {"a.mp4": b"1"}, "to": {}}


def test_without_hard_links_the_name_is_reserved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"from": {"a.mp4": b"1"}, "to": {}})
    monkeypatch.setattr(rename, "_rename_exclusively", unsupported)
    monkeypatch.setattr(os, "link", no_hard_links)
    renamed(tmp_path, "a.mp4", "a.mp4")
    assert read(tmp_path) == {"from": {}, "to": {"a.mp4": b"1"}}


def test_a_reservation_is_given_up_if_the_rename_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"from": {"a.mp4": b"1"}, "to": {}})
    monkeypatch.setattr(rename, "_rename_exclusively", unsupported)
    monkeypatch.setattr(os, "link", no_hard_links)
    monkeypatch.setattr(os, "rename", no_hard_links)
    with pytest.raises(PermissionError):
        renamed(tmp_path, "a.mp4", "a.mp4")
    assert read(tmp_path) == {"from": {"a.mp4": b"1"}, "to": {}}


@pytest.mark.parametrize(("replaced", "theirs"), [(False, b"theirs"), (True, b"theirs"), (True, b"")])
def test_a_reservation_that_somebody_used_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replaced: bool, theirs: bytes
) -> None:
    make(tmp_path, {"from": {"a.mp4": b"mine"}, "to": {}})
    real = os.open

    def open_and_be_disturbed(name: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        descriptor = real(name, flags, mode, dir_fd=dir_fd)
        if flags & os.O_EXCL:
            if replaced:
                (tmp_path / "to/a.mp4").unlink()
            (tmp_path / "to/a.mp4").write_bytes(theirs)
        return descriptor

    monkeypatch.setattr(rename, "_rename_exclusively", unsupported)
    monkeypatch.setattr(os, "link", no_hard_links)
    monkeypatch.setattr(os, "open", open_and_be_disturbed)
    with pytest.raises(FileExistsError):
        renamed(tmp_path, "a.mp4", "a.mp4")
    assert read(tmp_path) == {"from": {"a.mp4": b"mine"}, "to": {"a.mp4": theirs}}
