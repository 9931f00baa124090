"""Decide whether missing files are really gone, or their disk is away or has another device number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

from sorterd.changes import Known
from sorterd.library.files import FolderId, Listing, category_of
from sorterd.library.mounts import NO_MOUNTS, Mounts

FEW = 10
SECOND_SCAN_SECONDS = 30.0
_ACCEPT = "If they are really gone, start once with 'sorterd run --accept-missing'"
_UNMOUNTED = f"its videos are missing and nothing is mounted there any more: is its disk mounted? {_ACCEPT}"
_COVERED = f"videos of it are missing and another disk is mounted over it now: unmount it to see them. {_ACCEPT}"
_DISK_AWAY = f"its videos are missing and it is on another file system than before: is its disk mounted? {_ACCEPT}"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a sync is not believed, which paths it would lose, and since when."""

    reason: str
    lost: frozenset[str]
    root: FolderId
    since: float


def missing(known: Known, listing: Listing) -> frozenset[str]:
    """Return the known paths whose file lies neither there nor, by its inode, anywhere else."""
    ids = {seen.id for seen in listing.files.values()}
    hidden = tuple(f"{path}/" for path, _ in listing.unreadable)
    return frozenset(
        path
        for path, file in known.files.items()
        if path not in listing.files and file.id not in ids and not f"{path}/".startswith(hidden)
    )


def with_disks_away(known: Known, listing: Listing, root: FolderId | None, mounted: Mounts = NO_MOUNTS) -> Listing:
    """Return the listing with the folders whose disk is away or covered listed as unreadable.

    A folder is covered if something is mounted at it that was not `mounted` before, and known videos in it are missing.
    A folder's disk is away if none of the folder's known videos is there, and one of these holds:
    - It is a category on another file system than before. `root` is the library's own folder as it was: a category
      that was on the root's disk and still is has no disk of its own.
    - Its files were on a file system of which nothing is left.
    - Something was `mounted` there that no longer is.
    """
    unmounted = {name for name in mounted.below - listing.mounts.below if _emptied(name, known, listing)}
    listing = _away(listing, unmounted, _UNMOUNTED)
    if mounted.point:  # else it is not known what was mounted
        lost = missing(known, listing)
        new = listing.mounts.below - mounted.below
        listing = _away(listing, {name for name in new if _any_below(name, lost)}, _COVERED)
    listing = _with_categories_away(known, listing, root)
    # Files may have other device numbers than their folders (overlayfs).
    here = listing.devices | {seen.id.device for seen in listing.files.values()}
    gone = {file.id.device for file in known.files.values()} - here
    if root is not None and root.device != listing.root.device:
        gone.discard(root.device)  # the library's own disk: `doubt` decides
    if not gone or not listing.devices:
        return listing
    lost = missing(known, listing)
    away = {path.rpartition("/")[0] or path for path in lost if known.files[path].id.device in gone}
    return _away(listing, away, _DISK_AWAY)


def _away(listing: Listing, folders: Set[str], reason: str) -> Listing:
    """Return the listing with these folders listed as unreadable."""
    return replace(
        listing,
        categories={name: id for name, id in listing.categories.items() if name not in folders},
        unreadable=tuple(sorted([*listing.unreadable, *((name, reason) for name in folders)])),
    )


def _emptied(folder: str, known: Known, listing: Listing) -> bool:
    """Return whether videos were known in this folder and none of them is there."""
    return _any_below(folder, known.files) and not _any_below(folder, known.files.keys() & listing.files.keys())


def _any_below(folder: str, paths: Iterable[str]) -> bool:
    return any(path.startswith(f"{folder}/") for path in paths)


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
    """Return whether a category is on another disk than before, and not just on the root's, renumbered."""
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
    """Return why this sync should not be believed yet, or None.

    A sync is doubted if every known file is missing, or more than half of a library of more than FEW files. It is
    believed once the same files are still missing SECOND_SCAN_SECONDS later, but only on the file system on which the
    library was last seen. Another device under the same path, or another folder where something was `mounted`, is
    taken for a missing mount until the files are back or the user says otherwise.
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
    """Return the devices that have another number now: {before: now}.

    The files of a device are found again, wherever they lie now, by inode, size and mtime_ns. All of them must be on
    the same new device, and none on the old one.
    """
    now: defaultdict[tuple[int, int, int], set[int]] = defaultdict(set)
    for seen in listing.files.values():
        now[seen.id.without_device].add(seen.id.device)
    devices: defaultdict[int, set[int]] = defaultdict(set)
    for file in known.files.values():
        devices[file.id.device] |= now.get(file.id.without_device, set())
    return {before: min(after) for before, after in devices.items() if len(after) == 1 and before not in after}
