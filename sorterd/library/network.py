"""Tell whether a folder lies on another machine, which sends no events (paperless-ng #351)."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sorterd.library.kinds import words

MOUNTINFO = Path("/proc/self/mountinfo")

# Includes folders that a host shares with a virtual machine: the guest sees no events of the host.
_NETWORK = words(
    """
    nfs nfs4 cifs smb3 smbfs ncpfs afs ceph coda 9p virtiofs vboxsf prl_fs drvfs davfs lustre glusterfs gfs2 ocfs2
    orangefs beegfs pvfs2
    """
)
# FUSE file systems that keep their files on this machine. All others (sshfs, rclone, gvfs, s3fs) count as remote.
_LOCAL_FUSE = frozenset(
    ["fuseblk", "fuse.ntfs-3g", "fuse.exfat", "fuse.encfs", "fuse.gocryptfs", "fuse.cryfs", "fuse.mergerfs"]
)
# File systems that show other folders of this machine. Writing directly to those folders causes no event here.
_OVER_FOLDERS = frozenset(
    ["fuse.mergerfs", "fuse.encfs", "fuse.gocryptfs", "fuse.cryfs", "ecryptfs", "aufs", "unionfs"]
)
_MACOS_LOCAL = 0x1000  # MNT_LOCAL, <sys/mount.h>


@dataclass(frozen=True, slots=True)
class Mount:
    """A mount: its mount point, the name of its file system, and the device number of the files in it.

    `how` holds what else may change when it is mounted again: its number, its options, whether it can be written to.
    """

    point: str
    kind: str
    device: int
    how: str


def is_network(path: Path, mountinfo: Path = MOUNTINFO) -> bool:
    """Return whether a folder's file system is served by another machine. Unknown counts as local."""
    if sys.platform == "darwin":
        return not _macos_local(path)
    mount = mount_of(path.resolve(), mounts(mountinfo))
    return mount is not None and is_network_kind(mount.kind)


def is_over_folders(root: Path, mountinfo: Path = MOUNTINFO) -> bool:
    """Return whether `root`, or a mount below it (Linux), shows other folders, whose changes cause no event here.

    Examples are the branches of mergerfs and the encrypted files of gocryptfs.
    """
    found = mounts(mountinfo)
    here = mount_of(root.resolve(), found)
    return any(mount.kind in _OVER_FOLDERS for mount in ([here] if here else []) + _below(root, mountinfo))


def network_mounts_below(root: Path, mountinfo: Path = MOUNTINFO) -> list[str]:
    """Return the mount points below `root` (Linux) that are served by another machine."""
    return [mount.point for mount in _below(root, mountinfo) if is_network_kind(mount.kind)]


def is_network_kind(kind: str) -> bool:
    """Return whether a file system of this name is served by another machine."""
    return kind in _NETWORK or (kind.startswith("fuse") and kind not in _LOCAL_FUSE)


def mounts(mountinfo: Path) -> list[Mount]:
    """Return all mounts, in order, from a file in the format of /proc/self/mountinfo (proc(5)), or [] if it does not
    exist.

    Fields: id, parent, device, root, mount point, options, any number of tags, "-", kind, source, options.
    """
    try:
        lines = os.fsdecode(mountinfo.read_bytes()).splitlines()
    except FileNotFoundError:
        return []
    fields = [line.split(" ") for line in lines]
    return [_mount(field, field.index("-", 6)) for field in fields if "-" in field[6:]]


def _mount(field: list[str], dash: int) -> Mount:
    device = os.makedev(*map(int, field[2].split(":")))
    return Mount(_unescaped(field[4]), field[dash + 1], device, " ".join([field[0], field[5], *field[dash + 2 :]]))


def _below(root: Path, mountinfo: Path) -> list[Mount]:
    above = f"{root.resolve()}/"
    return [mount for mount in mounts(mountinfo) if mount.point.startswith(above)]


def mount_of(path: Path, mounts: Iterable[Mount]) -> Mount | None:
    """Return the mount that `path` lies on: the deepest mount point above it, the last one if several share it."""
    above = {str(path), *(str(parent) for parent in path.parents)}
    return max(
        (mount for mount in reversed(list(mounts)) if mount.point in above),
        key=lambda mount: len(mount.point),  # of equals max takes the first, which is the last one mounted
        default=None,
    )


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)


class _Statfs(ctypes.Structure):
    """struct statfs of macOS (64-bit inodes), <sys/mount.h>."""

    _fields_ = (
        ("sizes", ctypes.c_uint32 * 2),
        ("counts", ctypes.c_uint64 * 5),
        ("fsid", ctypes.c_int32 * 2),
        ("owner", ctypes.c_uint32),
        ("type", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("subtype", ctypes.c_uint32),
        ("kind", ctypes.c_char * 16),
        ("point", ctypes.c_char * 1024),
        ("source", ctypes.c_char * 1024),
        ("reserved", ctypes.c_uint32 * 8),
    )


def _macos_local(path: Path) -> bool:
    found = _Statfs()
    library = ctypes.CDLL(None)
    # On Intel the plain name is the old call with 32-bit inodes; on Apple silicon only the plain name exists.
    call = getattr(library, "statfs$INODE64", None) or library.statfs
    return call(os.fsencode(path), ctypes.byref(found)) != 0 or bool(found.flags & _MACOS_LOCAL)
