"""Copy a file so that the copy can be trusted: write it with its metadata, force it to disk, read it back, compare."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import blake2b

from sorterd.library.fingerprint import Stopped

_CHUNK = 1 << 20
# <copyfile.h>: ACL | XATTR. Not STAT: it copies the "uchg" lock too, and then nobody could rename or remove the copy.
_COPYFILE_METADATA = 0b101
_UNSUPPORTED = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF)  # a file system does not offer the call


def copy_verified(source: int, copy: int, should_stop: Callable[[], bool]) -> None:
    """Copy an open file into another, empty one: its content and, where possible, times, mode, owner and attributes.

    On return the copy is on disk and was read back. Raise `Stopped` if `should_stop()` returned true. Raise OSError
    with ENOSPC if there is no room, before a byte is written, and with EIO if the copy reads differently from the
    original.
    """
    found = os.fstat(source)
    if not _has_room(copy, found.st_size):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    digest = blake2b(digest_size=16)
    for chunk in _chunks(source, should_stop):
        digest.update(chunk)
        _write(copy, chunk)
    _copy_metadata(source, copy, found)
    _sync_file(copy)
    if sys.platform == "linux":  # read back from the disk, not from memory
        with suppress(OSError):
            os.posix_fadvise(copy, 0, 0, os.POSIX_FADV_DONTNEED)
    read_back = blake2b(digest_size=16)
    for chunk in _chunks(copy, should_stop):
        read_back.update(chunk)
    if read_back.digest() != digest.digest():
        raise OSError(errno.EIO, "the copy reads differently from the original; the disk may be failing")


def same_content(one: int, other: int, should_stop: Callable[[], bool]) -> bool:
    """Return whether two open files hold the same bytes.

    Raise `Stopped` if `should_stop()`, asked once per MiB, says so.
    """
    if os.fstat(one).st_size != os.fstat(other).st_size:
        return False
    pairs = zip(_chunks(one, should_stop), _chunks(other, should_stop), strict=True)
    return all(a == b for a, b in pairs)


def sync_folder(folder: int) -> None:
    """Force an open folder's names to disk. Do nothing on file systems that do not offer this (some FUSE and SMB)."""
    _fsync(folder)


def _has_room(descriptor: int, size: int) -> bool:
    """Return whether the disk of an open file claims to have room for `size` bytes, or True if it claims nothing."""
    try:
        room = os.fstatvfs(descriptor)
    except OSError:
        return True
    return room.f_blocks == 0 or room.f_bavail * room.f_frsize >= size


def _chunks(descriptor: int, should_stop: Callable[[], bool]) -> Iterator[bytes]:
    os.lseek(descriptor, 0, os.SEEK_SET)
    while chunk := os.read(descriptor, _CHUNK):
        if should_stop():
            raise Stopped
        yield chunk


def _write(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _copy_metadata(source: int, copy: int, found: os.stat_result) -> None:
    """Copy owner, attributes, mode and times, and leave behind what the target refuses.

    The target file system may not know them (owners on FAT, attributes on NFS) or not allow them (times and modes on
    CIFS mounted without uid=). The content is what matters.
    """
    with suppress(OSError):
        os.fchown(copy, found.st_uid, found.st_gid)
    if sys.platform == "darwin":
        # Copies Finder tags, "where from" and ACLs. Its result is ignored for the same reason as the errors above.
        ctypes.CDLL(None).fcopyfile(source, copy, None, _COPYFILE_METADATA)
    else:
        with suppress(OSError):
            for name in os.listxattr(source):
                with suppress(OSError):
                    os.setxattr(copy, name, os.getxattr(source, name))
    with suppress(OSError):  # last: only root may give attributes to a read-only file
        os.fchmod(copy, stat.S_IMODE(found.st_mode))
    with suppress(OSError):
        os.utime(copy, ns=(found.st_atime_ns, found.st_mtime_ns))


def _sync_file(descriptor: int) -> None:
    if sys.platform == "darwin":  # fsync on macOS leaves the data in the drive's own memory
        with suppress(OSError):  # network volumes do not offer it
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    _fsync(descriptor)


def _fsync(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
