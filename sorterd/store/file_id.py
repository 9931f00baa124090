"""The identity of a file as columns of the database."""

from __future__ import annotations

from sorterd.library.files import FileId


def from_id(id: FileId) -> tuple[int, int, int, int]:
    """Return device, inode, size and mtime_ns as signed 64-bit numbers, the only kind that SQLite can keep.

    Inodes are unsigned, and file systems that derive them from a hash (mergerfs, some FUSE and CIFS) use all 64 bits.
    An mtime set by hand may lie after 2262.
    """
    return id.device, signed(id.inode), id.size, signed(id.mtime_ns)


def to_id(device: int, inode: int, size: int, mtime_ns: int) -> FileId:
    """Return the FileId of these columns. Times before 1896 count as times after 2262, as no file is that old."""
    return FileId(device, inode % 2**64, size, mtime_ns if mtime_ns >= -(2**61) else mtime_ns + 2**64)


def signed(value: int) -> int:
    """Return an unsigned 64-bit number as a signed one, as SQLite keeps it. `% 2**64` turns it back."""
    return (value + 2**63) % 2**64 - 2**63
