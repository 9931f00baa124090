"""Move one file from one open folder to another, whole or not at all. It is copied only if the other is on another
disk.

At every instant the complete content lies under at least one of the two names, so after a crash `settle_transfer` can
always finish the transfer or take it back.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sorterd.library.copy import copy_verified, sync_folder
from sorterd.library.endpoints import Ends, alike
from sorterd.library.files import FileId
from sorterd.library.locked import is_locked
from sorterd.library.open_writers import opened_to_write
from sorterd.library.openat import opened_file
from sorterd.library.refused_name import make_name, why_refused
from sorterd.library.rename import rename_new
from sorterd.library.scan import file_id


class SourceChanged(Exception):
    """The file at the source is not, or is no longer, the one to move."""


class NameRefused(Exception):
    """The target's disk refuses this file name. The message continues "the name ..." and says why."""


class Locked(Exception):
    """The file, its folder or the target folder is locked against changes. `target` is true for the last of these."""

    def __init__(self, *, target: bool = False) -> None:
        super().__init__()
        self.target = target


def transfer(ends: Ends, id: FileId, copied: Callable[[], None], should_stop: Callable[[], bool]) -> FileId:
    """Move the file `id` from one end to the other. Return its identity there.

    On another file system `copied()` is called once the copy is complete and on disk, just before it gets its name.

    Raise FileExistsError if the target name is taken, `NameRefused` if the disk refuses it, `Locked` if the source or a
    folder is locked, `SourceChanged` if the source is another file or changed on the way, `Stopped` if `should_stop()`
    returned true while copying, OSError as the system does. In each case the source is intact and nothing was left at
    the target.
    """
    _check_source(ends, id)
    try:
        rename_new(ends.source_folder, ends.source, ends.target_folder, ends.target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno != errno.EXDEV:
            _raise_explanation(ends, error)
            raise
        return _transfer_across(ends, id, copied, should_stop)
    moved = ends.target_stat()
    if moved is not None and not alike(moved, id):
        # Somebody replaced the file or wrote into it between the check and the rename.
        with suppress(FileExistsError):  # somebody has put a third file there
            rename_new(ends.target_folder, ends.target, ends.source_folder, ends.source)
        raise SourceChanged
    # A power cut before the rename reaches the disk leaves one of the two names, so an error here is no failure.
    with suppress(OSError):
        sync_folder(ends.target_folder)
        sync_folder(ends.source_folder)
    return file_id(moved) if moved is not None else id


def _transfer_across(ends: Ends, id: FileId, copied: Callable[[], None], should_stop: Callable[[], bool]) -> FileId:
    _check_not_locked(ends)
    if not os.access(".", os.W_OK, dir_fd=ends.source_folder) or _sticky_bit_forbids_removal(ends):
        # The original could not be removed; better to know before gigabytes are copied than after.
        raise PermissionError(errno.EACCES, "the folder that it lies in cannot be written")
    _check_name(ends)
    with suppress(FileNotFoundError):  # left by an interrupted attempt
        os.unlink(ends.part, dir_fd=ends.target_folder)
    try:
        _check_nobody_writes(ends)
        copy = _copy_to_part(ends, id, should_stop)
        _check_source(ends, id)
        _check_in_place(ends)
        copied()
        rename_new(ends.target_folder, ends.part, ends.target_folder, ends.target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(ends.part, dir_fd=ends.target_folder)
        raise
    try:
        sync_folder(ends.target_folder)
        if ends.source_stat() is not None:
            _check_source(ends, id)
            _check_nobody_writes(ends)
            _check_in_place(ends)
            os.unlink(ends.source, dir_fd=ends.source_folder)
    except (OSError, SourceChanged):
        # If the original is gone, the copy may be the only one. Then the file counts as moved.
        if ends.source_stat() is not None:
            target = ends.target_stat()
            if target is not None and os.path.samestat(target, copy):
                os.unlink(ends.target, dir_fd=ends.target_folder)
            raise
    with suppress(OSError):  # the copy is safe; an original that reappears after a power cut is a duplicate, not a loss
        sync_folder(ends.source_folder)
    return file_id(ends.target_stat() or copy)


def _copy_to_part(ends: Ends, id: FileId, should_stop: Callable[[], bool]) -> os.stat_result:
    with opened_file(ends.source_folder, ends.source) as source, _new_file(ends.target_folder, ends.part) as part:
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


def _sticky_bit_forbids_removal(ends: Ends) -> bool:
    """Return whether the file is somebody else's, in a shared (sticky) folder where only its owner may remove it."""
    folder, file, user = os.fstat(ends.source_folder), ends.source_stat(), os.geteuid()
    return bool(folder.st_mode & stat.S_ISVTX) and user not in (0, folder.st_uid, file.st_uid if file else user)


def _raise_explanation(ends: Ends, error: OSError) -> None:
    """Raise an exception that says more than a failed rename's own error, if there is more to say."""
    if error.errno == errno.EPERM:
        _check_not_locked(ends)
    if (why := why_refused(ends.target_folder, ends.target)) is not None:
        raise NameRefused(why) from error


def _check_name(ends: Ends) -> None:
    """Check that the target's disk accepts the name: better before a large file is copied than after."""
    try:
        make_name(ends.target_folder, ends.target)
    except FileExistsError:
        raise
    except OSError as error:
        _raise_explanation(ends, error)
        raise


def _check_not_locked(ends: Ends) -> None:
    if is_locked(ends.source_folder):
        raise Locked
    if is_locked(ends.target_folder):
        raise Locked(target=True)
    with suppress(OSError), opened_file(ends.source_folder, ends.source) as source:
        if is_locked(source):
            raise Locked


def _check_nobody_writes(ends: Ends) -> None:
    """Check that nobody writes to the source.

    A rename takes a writer along, but after a copy later writes would be lost.
    """
    if opened_to_write(ends.source, ends.source_folder):
        raise OSError(errno.ETXTBSY, os.strerror(errno.ETXTBSY), ends.source)


def _check_in_place(ends: Ends) -> None:
    """Check that the target folder was not moved meanwhile: a file must not follow it into the trash."""
    if not ends.in_place():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), ends.target)


@contextmanager
def _new_file(folder: int, name: str) -> Iterator[int]:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, 0o600, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
