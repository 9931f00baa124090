"""Whether a look at the disk can be believed. Pure.

An unmounted disk, a share that hiccups, or an empty folder in the root's place all look like "the user deleted
everything". Believing it would forget every label, so a look that loses much has to be seen twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from sorterd.changes import Known
from sorterd.library.files import FolderId, Listing

FEW = 10
SECOND_LOOK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a look is not believed, what it would lose, and when it was first seen to."""

    reason: str
    lost: frozenset[str]
    root: FolderId
    since: float


def missing(known: Known, listing: Listing) -> frozenset[str]:
    """The known paths that are neither there nor, by their inode, anywhere else."""
    ids = {seen.id for seen in listing.files.values()}
    hidden = tuple(f"{path}/" for path, _ in listing.unreadable)
    return frozenset(
        path
        for path, file in known.files.items()
        if path not in listing.files and file.id not in ids and not f"{path}/".startswith(hidden)
    )


def doubt(
    known: Known, listing: Listing, root: FolderId | None, *, earlier: Doubt | None, now: float
) -> Doubt | None:
    """Why this look should not be believed yet, or None.

    In doubt are looks that miss everything, or more than half of a library of more than FEW files. The same look
    after SECOND_LOOK_SECONDS is believed, but only on the file system that the library was last seen on: another
    device under the same path is a missing mount until the files are back (or the user says otherwise).
    """
    lost = missing(known, listing)
    total = len(known.files)
    if not lost or (len(lost) < total and (total <= FEW or 2 * len(lost) <= total)):
        return None
    elsewhere = root is not None and listing.root.device != root.device
    agrees = earlier is not None and lost <= earlier.lost and listing.root == earlier.root
    since = min(earlier.since, now) if earlier is not None and agrees else now  # the clock may have jumped back
    if agrees and not elsewhere and now - since >= SECOND_LOOK_SECONDS:
        return None
    count = f"all {total} known videos are" if len(lost) == total else f"{len(lost)} of {total} known videos are"
    if elsewhere:
        reason = (
            f"{count} missing and the folder is on another file system than before: is the disk mounted? "
            "If they are really gone, start once with 'sorterd run --accept-missing'"
        )
    else:
        reason = f"{count} missing at once: looking again before believing it"
    return Doubt(reason, lost, listing.root, since)
