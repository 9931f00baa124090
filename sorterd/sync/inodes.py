"""Recognise files on file systems that change inodes: FAT and exFAT at each mount, sshfs when memory runs low. Pure.

There a new inode does not mean another file. Such a file system is known by its type, or by most inodes having
changed at once. On it a file is the same if it lies at the same path with the same size and time, and a folder was
renamed if most of its files are found that way under another name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sorterd.changes import Known, KnownFile
from sorterd.library.files import FileId, Listing, SeenFile


@dataclass(frozen=True, slots=True)
class Stats:
    """Recognises the content of files by their stat alone."""

    _files: Mapping[str, KnownFile]
    _by_id: Mapping[FileId, str]
    _renumbered: frozenset[int]
    _unsteady: frozenset[int]
    _renamed: Mapping[str, KnownFile]

    @classmethod
    def of(cls, known: Known, listing: Listing) -> Stats:
        """Return the Stats for what was known and what is on disk."""
        by_id = {file.id: file.fingerprint for file in known.files.values()}
        renamed = unchanged_in_renamed(known, listing, renamed_folders(known, listing))
        return cls(known.files, by_id, devices_with_new_inodes(known, listing), listing.mounts.unsteady, renamed)

    def content(self, seen: SeenFile) -> str | None:
        """Return the fingerprint of a file on disk, or None if the file has to be read.

        At the same path the device is ignored, because the device numbers of removable disks change between mounts.
        """
        here, id = self._renamed.get(seen.path) or self._files.get(seen.path), seen.id
        if here is not None and here.id.mtime_ns == id.mtime_ns and here.id.size == id.size:
            renumbered = here.id.device in self._renumbered or id.device in self._unsteady or seen.path in self._renamed
            if here.id.inode == id.inode or renumbered:
                return here.fingerprint
        return self._by_id.get(id)


def devices_with_new_inodes(known: Known, listing: Listing) -> frozenset[int]:
    """Return the known devices on which most files and folders have another inode than before.

    "Most", because inodes that are counted up from one stay the same for the first few files. A single file proves
    nothing: a program may have rewritten it and set the time back.
    """
    changed, kept = _changed_and_kept(known, listing)
    return frozenset(device for device, count in changed.items() if count > max(1, kept[device]))


def _steady(known: Known, listing: Listing) -> frozenset[int]:
    """Return the devices on which most files and folders have the same inode as before."""
    changed, kept = _changed_and_kept(known, listing)
    return frozenset(device for device, count in kept.items() if count > changed[device]) - listing.mounts.unsteady


def _changed_and_kept(known: Known, listing: Listing) -> tuple[Counter[int], Counter[int]]:
    """Return by device how many files and folders have another inode than before, and how many the same one."""
    changed: Counter[int] = Counter()
    kept: Counter[int] = Counter()
    for path, file in known.files.items():
        seen = listing.files.get(path)
        if seen is not None and same_size_and_time(file.id, seen.id):
            (kept if file.id.inode == seen.id.inode else changed)[file.id.device] += 1
    for name, folder in known.categories.items():
        if name in listing.categories:
            (kept if folder.inode == listing.categories[name].inode else changed)[folder.device] += 1
    return changed, kept


def same_size_and_time(before: FileId, now: FileId) -> bool:
    """Return whether size and time are the same."""
    return before.size == now.size and before.mtime_ns == now.mtime_ns


def renamed_folders(known: Known, listing: Listing) -> dict[str, str]:
    """Return the known folders that were renamed, as far as files with new inodes show it: {old name: new name}.

    None of a renamed folder's files lies under the old name. More than half of them lie in the new folder at the same
    paths inside it, with the same sizes and times. A new folder that still has files of its own is not a renamed one:
    the files were moved into it. If half of the files have kept their inodes, or most of the others on that disk have,
    inodes can be trusted, and this function leaves the folder to `find_renames`. If there still is a folder of the old
    name, it was renamed only if another folder was renamed to that name.
    """
    blind = {path.partition("/")[0] for path, _ in listing.unreadable}
    held = _by_folder(known.files)
    left = {name for name, files in held.items() if name not in blind and not _lies_there(name, files, listing)}
    steady = _steady(known, listing) if left else frozenset()
    left = {name for name in left if not any(file.id.device in steady for file in held[name].values())}
    to = [name for name in sorted(listing.categories) if name not in held or name in left]
    ids = {seen.id.without_device for seen in listing.files.values()} if left else set()
    found: dict[str, str] = {}
    for old in sorted(left):
        files = held[old]
        there = {name: _lies_there(name, files, listing) for name in to if name != old and name not in found.values()}
        new = max(there, key=lambda name: there[name], default=None)
        kept = sum(file.id.without_device in ids for file in files.values())
        if new is not None and 2 * there[new] > len(files) and 2 * kept < there[new]:
            found[old] = new
    return with_free_names(found, listing)


def with_free_names(found: Mapping[str, str], listing: Listing, taken: Iterable[str] = ()) -> dict[str, str]:
    """Return the renames whose old name is free, or was given to another folder: by these renames, or in `taken`."""
    found = dict(found)
    while stays := found.keys() & listing.folders.keys() - {*found.values(), *taken}:
        found = {old: new for old, new in found.items() if old not in stays}
    return found


def _lies_there(folder: str, files: Mapping[str, KnownFile], listing: Listing) -> int:
    """Return how many of the files, given by their paths inside a folder, lie in this one now."""
    paths = ((f"{folder}/{inside}", file) for inside, file in files.items())
    return sum(path in listing.files and same_size_and_time(file.id, listing.files[path].id) for path, file in paths)


def unchanged_in_renamed(known: Known, listing: Listing, renamed: Mapping[str, str]) -> dict[str, KnownFile]:
    """Return the files in renamed folders that are the same as under the old name, by their present path."""
    held = _by_folder(known.files) if renamed else {}
    paths = {f"{new}/{inside}": file for old, new in renamed.items() for inside, file in held[old].items()}
    return {
        path: file
        for path, file in paths.items()
        if path in listing.files and same_size_and_time(file.id, listing.files[path].id)
    }


def _by_folder(files: Mapping[str, KnownFile]) -> dict[str, dict[str, KnownFile]]:
    """Return for each category its files by their path inside it."""
    found: defaultdict[str, dict[str, KnownFile]] = defaultdict(dict)
    for path, file in files.items():
        category, slash, inside = path.partition("/")
        if slash:
            found[category][inside] = file
    return found
