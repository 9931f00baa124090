"""Rename without ever overwriting: the kernel decides whether the new name is free.

No other test is right on file systems that ignore case or normalise Unicode (macOS): there a name can be taken although
no existing name equals it as a string.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys

_LINUX_NOREPLACE = 1  # <linux/fs.h>
_MACOS_EXCL = 4  # <sys/stdio.h>
_UNSUPPORTED = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
_NO_HARD_LINKS = {errno.EPERM, errno.EMLINK, *_UNSUPPORTED}


def rename_new(source_folder: int, source: str, target_folder: int, target: str) -> None:
    """Rename `source` in one open folder to `target` in another. Whatever lies at `target` stays.

    Raise FileExistsError if the name is taken, OSError (such as EXDEV) as the system does.

    Three ways are tried in turn: one atomic call; a hard link and the removal of the old name (a crash in between
    leaves one file with both names); an exclusive empty file that reserves the name (a crash leaves the empty file).
    """
    if _rename_exclusively(source_folder, source, target_folder, target):
        return
    if _link_and_unlink(source_folder, source, target_folder, target):
        return
    _reserve_and_rename(source_folder, source, target_folder, target)


def _rename_exclusively(source_folder: int, source: str, target_folder: int, target: str) -> bool:
    """Rename with the atomic call. Return False if this system or file system has none."""
    library = ctypes.CDLL(None, use_errno=True)
    name, flag = ("renameatx_np", _MACOS_EXCL) if sys.platform == "darwin" else ("renameat2", _LINUX_NOREPLACE)
    call = getattr(library, name, None)  # glibc has renameat2 since 2.28
    if call is None:
        return False
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    if call(source_folder, os.fsencode(source), target_folder, os.fsencode(target), flag) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), source, None, target)


def _link_and_unlink(source_folder: int, source: str, target_folder: int, target: str) -> bool:
    """Rename by a hard link, which never replaces. Return False if the file system has no hard links."""
    try:
        os.link(source, target, src_dir_fd=source_folder, dst_dir_fd=target_folder, follow_symlinks=False)
    except OSError as error:
        if error.errno in _NO_HARD_LINKS:
            return False
        raise
    try:
        os.unlink(source, dir_fd=source_folder)
    except OSError:
        # A network file system may report an error although the name was removed; then the target is the only name and
        # stays.
        if _one_file(source_folder, source, target_folder, target):
            os.unlink(target, dir_fd=target_folder)
            raise
    return True


def _one_file(source_folder: int, source: str, target_folder: int, target: str) -> bool:
    try:
        one = os.stat(source, dir_fd=source_folder, follow_symlinks=False)
        other = os.stat(target, dir_fd=target_folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return os.path.samestat(one, other)


def _reserve_and_rename(source_folder: int, source: str, target_folder: int, target: str) -> None:
    """Create an empty `target` exclusively, and rename over it.

    This is not quite atomic: the file of a program that replaces the reservation within microseconds would be
    overwritten. Only file systems with neither an exclusive rename nor hard links come here (VirtualBox shares, MTP and
    rclone mounts).
    """
    os.stat(source, dir_fd=source_folder, follow_symlinks=False)  # reserve nothing for a file that is gone
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(target, flags, 0o600, dir_fd=target_folder)
    try:
        if not _is_reservation(descriptor, target_folder, target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), source, None, target)
        os.rename(source, target, src_dir_fd=source_folder, dst_dir_fd=target_folder)
    except OSError:
        if _is_reservation(descriptor, target_folder, target):
            os.unlink(target, dir_fd=target_folder)
        raise
    finally:
        os.close(descriptor)


def _is_reservation(descriptor: int, folder: int, name: str) -> bool:
    """Return whether `name` is still the empty file that we created."""
    ours = os.fstat(descriptor)
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return os.path.samestat(ours, found) and found.st_size == 0
