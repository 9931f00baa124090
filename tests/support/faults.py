"""Disks and processes that fail when a test wants them to."""

import errno
import os
import traceback
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from sorterd.library import rename, transfer

WAYS = [(disk, way) for disk in ("same disk", "other disk") for way in ("exclusive rename", "hard link", "reservation")]
_CHANGES = ("open", "write", "unlink", "rename", "link", "fsync", "fchmod", "fchown", "utime", "setxattr")


class SetAttribute(Protocol):
    """`setattr`, or pytest's, which is undone after the test."""

    def __call__(self, where: Any, name: str, value: Any, /) -> None: ...


def as_if_other_disk(set_attribute: SetAttribute) -> None:
    """Every rename from one folder to another fails as between two file systems."""
    set_attribute(transfer, "rename_new", _within_one_folder)


def move_the_way(set_attribute: SetAttribute, disk: str, way: str) -> None:
    """Let moves go one of the WAYS."""
    if disk == "other disk":
        as_if_other_disk(set_attribute)
    if way != "exclusive rename":
        set_attribute(rename, "_rename_exclusively", _unsupported)
    if way == "reservation":
        set_attribute(rename, "_link_and_unlink", _unsupported)


def as_if_names_were_alike(set_attribute: SetAttribute) -> None:
    """Names that differ only in case or in Unicode normalisation are one, as on macOS."""
    stat = os.stat

    def found(folder: int, name: str) -> str:
        with os.scandir(folder) as entries:
            return next((entry.name for entry in entries if _folded(entry.name) == _folded(name)), name)

    def looked_up(path: Any, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> os.stat_result:
        return stat(path if dir_fd is None else found(dir_fd, path), dir_fd=dir_fd, follow_symlinks=follow_symlinks)

    def renamed(source_folder: int, source: str, target_folder: int, target: str) -> None:
        rename.rename_new(source_folder, source, target_folder, found(target_folder, target))

    set_attribute(os, "stat", looked_up)
    set_attribute(transfer, "rename_new", renamed)


def as_if_disk_refused(set_attribute: SetAttribute, folder: Path, refusal: Callable[[str], int | None]) -> None:
    """In one folder no file can get a name for which `refusal` has an errno, as on exFAT, NTFS or an SMB share."""
    there, open_, exclusively, link, rename_ = folder.stat(), os.open, rename._rename_exclusively, os.link, os.rename

    def check(descriptor: int | None, name: str) -> None:
        if descriptor is not None and os.path.samestat(os.fstat(descriptor), there):
            number = refusal(name)
            if number is not None:
                raise OSError(number, os.strerror(number), name)

    def opened(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags & os.O_CREAT:
            check(dir_fd, path)
        return open_(path, flags, mode, dir_fd=dir_fd)

    def renamed_exclusively(source_folder: int, source: str, target_folder: int, target: str) -> bool:
        try:
            check(target_folder, target)
        except OSError as error:
            if error.errno in rename._UNSUPPORTED:
                return False
            raise
        return exclusively(source_folder, source, target_folder, target)

    def linked(source: str, target: str, *, src_dir_fd: int, dst_dir_fd: int, follow_symlinks: bool) -> None:
        check(dst_dir_fd, target)
        link(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd, follow_symlinks=follow_symlinks)

    def renamed(source: Any, target: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        check(dst_dir_fd, target)
        rename_(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    set_attribute(os, "open", opened)
    set_attribute(os, "link", linked)
    set_attribute(os, "rename", renamed)
    set_attribute(rename, "_rename_exclusively", renamed_exclusively)


def before_each_change(set_attribute: SetAttribute, action: Callable[[str, Callable[[], None]], None]) -> None:
    """Call `action(name, half)` before each system call that changes the disk.

    `half()` does half of what the call was to do, where that means anything (a write of which half got through).
    """
    for name in _CHANGES:
        set_attribute(os, name, _preceded(name, getattr(os, name), action))
    set_attribute(rename, "_rename_exclusively", _preceded("renameat2", rename._rename_exclusively, action))


def while_reading(set_attribute: SetAttribute, act: Callable[[], object]) -> None:
    """Let something happen in the middle of the first file that is read. It may raise what a disk would."""
    read, left = os.read, [act]

    def disturbed(descriptor: int, size: int, /) -> bytes:
        content = read(descriptor, size)
        if left:
            left.pop()()
        return content

    set_attribute(os, "read", disturbed)


def killed(at: int, action: Callable[[], object], prepare: Callable[[], None] = lambda: None) -> bool:
    """Run `action` in a process that is killed at its `at`-th change of the disk; False if it ended before.

    Nothing is cleaned up in that process, as with SIGKILL: no `finally`, no `except`.
    """
    child = os.fork()
    if child:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (0, 9), "the child failed, see its traceback"
        return status == 9
    try:
        prepare()
        changes = iter(range(at + 1))

        def maybe_die(_: str, half: Callable[[], None]) -> None:
            if next(changes) == at:
                half()
                os._exit(9)

        before_each_change(setattr, maybe_die)
        action()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - a forked test must not go on as if it were the tests
        traceback.print_exc()
        os._exit(1)


def _preceded(
    name: str, call: Callable[..., Any], action: Callable[[str, Callable[[], None]], None]
) -> Callable[..., Any]:
    def wrapped(*args: Any, **options: Any) -> Any:
        if name != "open" or args[1] & os.O_CREAT:
            half = (lambda: call(args[0], args[1][: len(args[1]) // 2])) if name == "write" else (lambda: None)
            action(name, half)
        return call(*args, **options)

    return wrapped


def _folded(name: str) -> str:
    return unicodedata.normalize("NFD", name).casefold()


def _unsupported(*_: object) -> bool:
    return False


def _within_one_folder(source_folder: int, source: str, target_folder: int, target: str) -> None:
    if not os.path.samestat(os.fstat(source_folder), os.fstat(target_folder)):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), source, None, target)
    rename.rename_new(source_folder, source, target_folder, target)
