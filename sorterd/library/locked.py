"""Tell whether a file or folder is locked: `chattr +i` or `+a` on Linux, "Locked" in the macOS Finder.

Nobody may remove, rename or link a locked file, whatever its mode, or remove anything from a locked folder.
"""

from __future__ import annotations

import fcntl
import os
import stat
import struct
import sys

_GETFLAGS = 0x80086601  # <linux/fs.h> FS_IOC_GETFLAGS with 64-bit longs; elsewhere refused, which counts as unlocked
_LINUX_LOCKS = 0x10 | 0x20  # FS_IMMUTABLE_FL, FS_APPEND_FL
_MACOS_LOCKS = stat.UF_IMMUTABLE | stat.UF_APPEND | stat.SF_IMMUTABLE | stat.SF_APPEND


def is_locked(descriptor: int) -> bool:
    """Return whether an open file or folder is locked, or False if the file system has no locks."""
    if sys.platform == "darwin":
        return bool(os.fstat(descriptor).st_flags & _MACOS_LOCKS)
    try:
        answer = fcntl.ioctl(descriptor, _GETFLAGS, bytes(8))
    except OSError:
        return False
    return bool(struct.unpack("=I", answer[:4])[0] & _LINUX_LOCKS)
