"""One file from one open folder to another, whole or not at all: renamed, or copied if the other is on another disk.

At every instant the content lies complete under at least one of the two names, so that after a crash `settle_transfer`
can always finish or take back.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from sorterd.library.beneath import opened, split
from sorterd.library.copy import copy_verified, same_content, sync_folder
from sorterd.library.files import FileId
from sorterd.library.layout import OWN_PREFIX, OWN_SUFFIX
from sorterd.library.rename import rename_new
from sorterd.library.scan import file_id


class SourceChanged(Exception):
    """The file at the source is not, or is no longer, the one that was to be moved."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Where from and where to: descriptors of two folders, and a name in each."""

    source_folder: int
    source: str
    target_folder: int
    target: str

    @property
    def part(self) -> str:
        """The hidden name in the target folder under which a copy grows; the same again after a restart."""
        names = os.fsencode(f"{self.source}\0{self.target}")
        return f"{OWN_PREFIX}{blake2b(names, digest_size=8).hexdigest()}{OWN_SUFFIX}"

    def source_stat(self) -> os.stat_result | None:
        """What lies at the source, None if nothing."""
        return _lstat(self.source_folder, self.source)

    def target_stat(self) -> os.stat_result | None:
        """What lies at the target, None if nothing."""
        return _lstat(self.target_folder, self.target)

    def part_stat(self) -> os.stat_result | None:
        """What lies under the hidden name, None if nothing."""
        return _lstat(self.target_folder, self.part)


@contextmanager
def ends(root: Path, source: str, destination: str) -> Iterator[Ends]:
    """Open the two folders of a move under `root`. Raise OSError as `open_folder`."""
    here, name = split(source)
    there, new_name = split(destination)
    with opened(root, here) as source_folder, opened(root, there) as target_folder:
        yield Ends(source_folder, name, target_folder, new_name)


def transfer(ends: Ends, id: FileId, copied: Callable[[], None], should_stop: Callable[[], bool]) -> FileId:
    """Move the file `id` from one end to the other and return its identity there.

    On another file system `copied()` is called once the copy is complete and on disk, just before it gets its name.
    Raise FileExistsError if the target name is taken, `SourceChanged` if the source is another file or changed on the
    way, `Stopped` if `should_stop()` said so while copying, OSError as the system does; in each case the source is
    intact and nothing was left at the target.
    """
    _check_source(ends, id)
    try:
        rename_new(ends.source_folder, ends.source, ends.target_folder, ends.target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return _transfer_across(ends, id, copied, should_stop)
    moved = ends.target_stat()
    if moved is not None and not alike(moved, id):
        # somebody put another file there, or wrote into it, between the look and the rename
        rename_new(ends.target_folder, ends.target, ends.source_folder, ends.source)
        raise SourceChanged
    # Whether or not the rename has reached the disk, a power cut leaves one of the two names: no reason to fail.
    with suppress(OSError):
        sync_folder(ends.target_folder)
        sync_folder(ends.source_folder)
    return file_id(moved) if moved is not None else id


def settle_transfer(ends: Ends, id: FileId, *, copied: bool) -> bool:
    """After a crash in the middle of `transfer`: finish it or take it back; return whether the file is at the target.

    `copied` tells whether `copied()` was called. Only size and mtime are compared with `id`: devices and inodes need
    not survive a restart (FAT, btrfs, the order of disks).
    """
    source, target, part = ends.source_stat(), ends.target_stat(), ends.part_stat()
    if part is not None:
        # a copy without its final name, so what lies at the target is not ours, unless both are one file: then the
        # rename was a hard link and only the removal of the old name is missing
        copied = copied and target is not None and os.path.samestat(part, target)
        os.unlink(ends.part, dir_fd=ends.target_folder)
    if target is not None and not stat.S_ISREG(target.st_mode):
        target = None
    if source is None or not alike(source, id):
        return target is not None and (copied or alike(target, id))
    if target is None:
        return False
    if target.st_size == 0:  # the name was only reserved; if it is somebody's after all, an empty file is no loss
        os.unlink(ends.target, dir_fd=ends.target_folder)
        return False
    ours = os.path.samestat(source, target) or (copied and _same_content(ends))
    if ours:
        sync_folder(ends.target_folder)
        os.unlink(ends.source, dir_fd=ends.source_folder)
    return ours


def alike(found: os.stat_result, id: FileId) -> bool:
    """Whether a file is that of `id`, as far as can be told without its place on disk: plain, same size and mtime."""
    return stat.S_ISREG(found.st_mode) and (found.st_size, found.st_mtime_ns) == (id.size, id.mtime_ns)


def _transfer_across(ends: Ends, id: FileId, copied: Callable[[], None], should_stop: Callable[[], bool]) -> FileId:
    if not os.access(".", os.W_OK, dir_fd=ends.source_folder):
        # known now or after gigabytes were copied: the original could not be removed
        raise PermissionError(errno.EACCES, "the folder that it lies in cannot be written")
    with suppress(FileNotFoundError):  # of a try that was cut off
        os.unlink(ends.part, dir_fd=ends.target_folder)
    try:
        copy = _copy_to_part(ends, id, should_stop)
        _check_source(ends, id)
        copied()
        rename_new(ends.target_folder, ends.part, ends.target_folder, ends.target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(ends.part, dir_fd=ends.target_folder)
        raise
    try:
        sync_folder(ends.target_folder)
        if ends.source_stat() is not None:  # else the user took it away, and the copy may be the only one
            _check_source(ends, id)
            os.unlink(ends.source, dir_fd=ends.source_folder)
    except (OSError, SourceChanged):
        target = ends.target_stat()
        if target is not None and os.path.samestat(target, copy):
            os.unlink(ends.target, dir_fd=ends.target_folder)
        raise
    with suppress(OSError):  # the copy is safe; an original that reappears after a power cut is a duplicate, not a loss
        sync_folder(ends.source_folder)
    return file_id(ends.target_stat() or copy)


def _copy_to_part(ends: Ends, id: FileId, should_stop: Callable[[], bool]) -> os.stat_result:
    with _opened_file(ends.source_folder, ends.source) as source, _new_file(ends.target_folder, ends.part) as part:
        copy_verified(source, part, should_stop)
        if file_id(os.fstat(source)) != id:
            raise SourceChanged
        return os.fstat(part)


def _check_source(ends: Ends, id: FileId) -> None:
    found = ends.source_stat()
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), ends.source)
    if not stat.S_ISREG(found.st_mode) or file_id(found) != id:
        raise SourceChanged


def _same_content(ends: Ends) -> bool:
    with (
        _opened_file(ends.source_folder, ends.source) as source,
        _opened_file(ends.target_folder, ends.target) as target,
    ):
        return same_content(source, target)


@contextmanager
def _opened_file(folder: int, name: str) -> Iterator[int]:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _new_file(folder: int, name: str) -> Iterator[int]:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, 0o600, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _lstat(folder: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
