"""Settle a transfer that a crash interrupted: both ends together tell whether to finish it or take it back."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress

from sorterd.library.copy import same_content, sync_folder
from sorterd.library.endpoints import Ends, alike
from sorterd.library.files import FileId
from sorterd.library.open_writers import opened_to_write
from sorterd.library.openat import opened_file
from sorterd.library.scan import file_id

# Errors that may last: other moves must not wait for them.
_LASTING = {errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}


def settle_transfer(ends: Ends, id: FileId, *, copied: bool, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """Finish the `transfer` that a crash interrupted, or take it back. Return whether the file is at the target.

    `copied` tells whether `copied()` was called. Only size and mtime are compared with `id`: devices and inodes may
    change with a restart (FAT, btrfs, the order of disks). Raise `Stopped` if `should_stop()` returned true while two
    files were compared. Then ask again.
    """
    source, target, part = ends.source_stat(), ends.target_stat(), ends.part_stat()
    if part is not None:
        # The part is a copy without its final name, so the file at the target is not ours. The exception: both are one
        # file. Then the rename was a hard link, and only the removal of the old name is missing.
        copied = copied and target is not None and os.path.samestat(part, target)
        with suppress(OSError):  # on a disk that is read-only now, it stays as litter
            os.unlink(ends.part, dir_fd=ends.target_folder)
    if target is not None and not stat.S_ISREG(target.st_mode):
        target = None
    if source is None or not alike(source, id):
        return target is not None and (copied or alike(target, id))
    if target is None:
        return False
    if target.st_size == 0:
        # The name was only reserved. If the empty file is somebody else's, removing it loses nothing, unless a program
        # is about to write into it.
        if not opened_to_write(ends.target, ends.target_folder):
            os.unlink(ends.target, dir_fd=ends.target_folder)
        return False
    try:
        ours = os.path.samestat(source, target) or (copied and _same_content(ends, should_stop))
        if ours:
            sync_folder(ends.target_folder)
            # Comparing takes minutes for large files, and either may have been replaced or taken away meanwhile.
            if not _unchanged(target, ends.target_stat()):
                return False
            if _unchanged(source, ends.source_stat()):
                os.unlink(ends.source, dir_fd=ends.source_folder)
    except OSError as error:
        if error.errno not in _LASTING:
            raise
        # The original can no longer be read or removed. The copy was verified before that step was journalled.
        return copied and alike(target, id)
    return ours


def _unchanged(before: os.stat_result, now: os.stat_result | None) -> bool:
    return now is not None and file_id(before) == file_id(now)


def _same_content(ends: Ends, should_stop: Callable[[], bool]) -> bool:
    with (
        opened_file(ends.source_folder, ends.source) as source,
        opened_file(ends.target_folder, ends.target) as target,
    ):
        return same_content(source, target, should_stop)
