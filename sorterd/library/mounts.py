"""What is mounted where the library lies. A bind mount has the device number of the disk it comes from, so that only
the list of mounts tells whether it is there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sorterd.library.network import Mount, is_network_kind, mount_of, mounts

# They number their files in the order in which they are asked for, after each mount or whenever memory gets short:
# FAT and exFAT, which have no such numbers on disk, and file systems in user space that show another machine's files.
_UNSTEADY = frozenset(["vfat", "msdos", "exfat", "fuse.exfat", "davfs"])


@dataclass(frozen=True, slots=True)
class Mounts:
    """`point` is where the file system of the root is mounted, `below` the folders in it (relative paths) at which
    others are, `unsteady` the devices whose file systems number their files anew. `how` changes when one of them is
    mounted again, or otherwise."""

    point: str = ""
    below: frozenset[str] = frozenset()
    unsteady: frozenset[int] = frozenset()
    how: frozenset[str] = frozenset()


NO_MOUNTS = Mounts()


def mounts_of(root: Path, mountinfo: Path = Path("/proc/self/mountinfo")) -> Mounts:
    """Look at what is mounted at `root` and below it; nothing where the system does not tell (macOS)."""
    found, here = mounts(mountinfo), root.resolve()
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
