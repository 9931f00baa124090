"""Whether a file or folder is locked against removal: `chattr +i` or `+a` on Linux, "Locked" in the macOS Finder.

Nobody may remove, rename or link such a file, whatever its mode; in such a folder nothing may be removed.
"""

from __future__ import annotations

import fcntl
import os
import stat
import struct
import sys

_GETFLAGS = 0x80086601  # <linux/fs.h> FS_IOC_GETFLAGS where a long has 64 bits; unknown elsewhere, which is an answer
_LINUX_LOCKS = 0x10 | 0x20  # FS_IMMUTABLE_FL, FS_APPEND_FL
_MACOS_LOCKS = stat.UF_IMMUTABLE | stat.UF_APPEND | stat.SF_IMMUTABLE | stat.SF_APPEND


def is_locked(descriptor: int) -> bool:
    """Whether an open file or folder is locked; False where the file system knows no such thing."""
    if sys.platform == "darwin":
        return bool(os.fstat(descriptor).st_flags & _MACOS_LOCKS)
    try:
        answer = fcntl.ioctl(descriptor, _GETFLAGS, bytes(8))
    except OSError:
        return False
    return bool(struct.unpack("=I", answer[:4])[0] & _LINUX_LOCKS)
