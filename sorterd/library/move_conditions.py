"""Everything but names that a move depends on. As long as none of it changes, a move that failed fails again.

These are mounts and their options, permissions, owners, locks, and the file itself, but not other files in the folders.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

from sorterd.library.locked import is_locked
from sorterd.library.openat import opened, split


def circumstances(root: Path, source: str, folder: str) -> str:
    """Return a short text that changes when the source file, its folder or `folder` changes or is mounted again."""
    here, name = split(source)
    parts = [_of_folder(root, here), _of_folder(root, folder), _of_file(root, here, name)]
    return blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def _of_folder(root: Path, folder: str) -> object:
    try:
        with opened(root, folder) as descriptor:
            found, disk = os.fstat(descriptor), os.fstatvfs(descriptor)
            return (
                *(found.st_dev, found.st_ino, found.st_mode, found.st_uid, found.st_gid, is_locked(descriptor)),
                *(disk.f_flag, disk.f_namemax, disk.f_bavail > 0),
            )
    except OSError as error:
        return error.errno


def _of_file(root: Path, folder: str, name: str) -> object:
    try:
        with opened(root, folder) as descriptor:
            found = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
    except OSError as error:
        return error.errno
