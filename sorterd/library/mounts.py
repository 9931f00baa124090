"""What is mounted where the library lies.

A bind mount has the device number of the disk that it comes from, so only the list of mounts tells whether it is there.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sorterd.library.network import MOUNTINFO, Mount, is_network_kind, mount_of, mounts

# File systems whose inode numbers change with each mount or when memory gets short: FAT and exFAT have none on disk,
# and file systems in user space that show another machine's files make them up.
_UNSTEADY = frozenset(["vfat", "msdos", "exfat", "fuse.exfat", "davfs"])


@dataclass(frozen=True, slots=True)
class Mounts:
    """The mounts at and below the root.

    - `point`: where the file system of the root is mounted.
    - `below`: the folders in the root (relative paths) at which others are mounted.
    - `unsteady`: the devices whose inode numbers may change.
    - `how`: changes when one of them is mounted again or with other options.
    """

    point: str = ""
    below: frozenset[str] = frozenset()
    unsteady: frozenset[int] = frozenset()
    how: frozenset[str] = frozenset()


NO_MOUNTS = Mounts()


def mounts_of(root: Path) -> Mounts:
    """Return what is mounted at `root` and below it, or nothing on systems that do not tell (macOS)."""
    found, here = mounts(MOUNTINFO), root.resolve()
    at_root = mount_of(here, found)
    below = {mount for mount in found if mount.point.startswith(f"{here}/")}
    of_interest = below | ({at_root} if at_root else set())
    return Mounts(
        "" if at_root is None else at_root.point,
        frozenset(os.path.relpath(mount.point, here) for mount in below),
        frozenset(mount.device for mount in of_interest if _unsteady(mount)),
        frozenset(mount.how for mount in of_interest),
    )


def _unsteady(mount: Mount) -> bool:
    return mount.kind in _UNSTEADY or (mount.kind.startswith("fuse.") and is_network_kind(mount.kind))
