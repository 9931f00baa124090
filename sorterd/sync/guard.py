"""Whether what seems to be missing is really gone, or its disk is away or has another device number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, replace

from sorterd.changes import Known
from sorterd.library.files import FileId, FolderId, Listing, category_of
from sorterd.library.mounts import NO_MOUNTS, Mounts

FEW = 10
SECOND_SCAN_SECONDS = 30.0
_ACCEPT = "If they are really gone, start once with 'sorterd run --accept-missing'"
_UNMOUNTED = f"its videos are missing and nothing is mounted there any more: is its disk mounted? {_ACCEPT}"
_DISK_AWAY = f"its videos are missing and it is on another file system than before: is its disk mounted? {_ACCEPT}"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a sync is not believed, what it would lose, and when it was first seen to."""

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


def with_disks_away(known: Known, listing: Listing, root: FolderId | None, mounted: Mounts = NO_MOUNTS) -> Listing:
    """The listing, where a category without its disk is a folder that cannot be looked into.

    That is one that is on another file system than before and holds none of the videos that it held. `root` is the
    library's own folder as it was: a category that was on its disk and still is has no disk of its own. Away, too, is
    any other folder that was on a file system of which nothing is left, and any at which something was `mounted` that
    is not now, if none of its videos is there.
    """
    unmounted = {name for name in mounted.below - listing.mounts.below if _emptied(name, known, listing)}
    listing = _with_categories_away(known, _away(listing, unmounted, _UNMOUNTED), root)
    # Files may have other numbers than their folders (overlayfs).
    here = listing.devices | {seen.id.device for seen in listing.files.values()}
    gone = {file.id.device for file in known.files.values()} - here
    if root is not None and root.device != listing.root.device:
        gone.discard(root.device)  # the library's own: `doubt` tells
    if not gone or not listing.devices:
        return listing
    lost = missing(known, listing)
    away = {path.rpartition("/")[0] or path for path in lost if known.files[path].id.device in gone}
    return _away(listing, away, _DISK_AWAY)


def _away(listing: Listing, folders: Set[str], reason: str) -> Listing:
    """The listing, where these folders cannot be looked into."""
    return replace(
        listing,
        categories={name: id for name, id in listing.categories.items() if name not in folders},
        unreadable=tuple(sorted([*listing.unreadable, *((name, reason) for name in folders)])),
    )


def _emptied(folder: str, known: Known, listing: Listing) -> bool:
    """Whether videos were known in this folder, and none of them is there."""
    held = [path for path in known.files if path.startswith(f"{folder}/")]
    return bool(held) and not any(path in listing.files for path in held)


def _with_categories_away(known: Known, listing: Listing, root: FolderId | None) -> Listing:
    moved = {
        name
        for name, folder in known.categories.items()
        if (here := listing.categories.get(name)) is not None and disk_away(folder, here, root, listing.root)
    }
    if not moved:
        return listing
    held = {category_of(path) for path in known.files}
    found = {category_of(path) for path in listing.files if path in known.files}
    away = {name for name in moved if name in held and name not in found}
    return _away(listing, away, _DISK_AWAY)


def disk_away(before: FolderId, here: FolderId, root_before: FolderId | None, root: FolderId) -> bool:
    """Whether a category is on another disk than before, and that of the library has not just got another number."""
    with_root = root_before is not None and before.device == root_before.device and here.device == root.device
    return before.device != here.device and not with_root


def doubt(
    known: Known,
    listing: Listing,
    root: FolderId | None,
    *,
    earlier: Doubt | None,
    now: float,
    mounted: Mounts = NO_MOUNTS,
) -> Doubt | None:
    """Why this sync should not be believed yet, or None.

    In doubt are syncs that miss everything, or more than half of a library of more than FEW files. The same sync
    after SECOND_LOOK_SECONDS is believed, but only on the file system that the library was last seen on: another
    device under the same path, or another folder where something was `mounted`, is a missing mount until the files are
    back (or the user says otherwise).
    """
    lost = missing(known, listing)
    total = len(known.files)
    if not lost or (len(lost) < total and (total <= FEW or 2 * len(lost) <= total)):
        return None
    unmounted = mounted.point not in ("", listing.mounts.point) and listing.root != root
    elsewhere = root is not None and (listing.root.device != root.device or unmounted)
    agrees = earlier is not None and lost <= earlier.lost and listing.root == earlier.root
    since = min(earlier.since, now) if earlier is not None and agrees else now  # the clock may have jumped back
    if agrees and not elsewhere and now - since >= SECOND_SCAN_SECONDS:
        return None
    count = f"all {total} known videos are" if len(lost) == total else f"{len(lost)} of {total} known videos are"
    if elsewhere:
        reason = f"{count} missing and the folder is on another file system than before: is the disk mounted? {_ACCEPT}"
    else:
        reason = f"{count} missing at once: looking again before believing it"
    return Doubt(reason, lost, listing.root, since)


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
