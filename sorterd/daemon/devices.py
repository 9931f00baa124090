"""Whether a disk has got another number. Pure.

The system numbers disks in the order in which it finds them: after a restart, or when a USB disk is plugged in again,
all files may seem to lie on another one. Inodes stay, so that the files themselves tell.
"""

from __future__ import annotations

from collections import defaultdict

from sorterd.changes import Known
from sorterd.library.files import FileId, Listing


def renumbered(known: Known, listing: Listing) -> dict[int, int]:
    """The devices that have another number now: {before: now}.

    Files with the same inode, size and time to the nanosecond, wherever they lie by now, must all say the same of a
    device. One that is still there under its old number has not got another.
    """
    now: defaultdict[tuple[int, int, int], set[int]] = defaultdict(set)
    for seen in listing.files.values():
        now[_without_device(seen.id)].add(seen.id.device)
    said: defaultdict[int, set[int]] = defaultdict(set)
    for file in known.files.values():
        said[file.id.device] |= now.get(_without_device(file.id), set())
    return {before: min(after) for before, after in said.items() if len(after) == 1 and before not in after}


def _without_device(id: FileId) -> tuple[int, int, int]:
    return id.inode, id.size, id.mtime_ns
