"""File systems that number their files anew: FAT and exFAT at each mount, sshfs whenever memory gets short. Pure.

There a new number does not make another file. Where it is told by the mount, or by all numbers being others than they
were, a file is the same if it lies at the same path with the same size and time; and a folder whose files are found in
such a way under another name was renamed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sorterd.changes import Known, KnownFile
from sorterd.library.files import FileId, Listing, SeenFile


@dataclass(frozen=True, slots=True)
class Stats:
    """Tells the content of files by their stat alone."""

    _files: Mapping[str, KnownFile]
    _by_id: Mapping[FileId, str]
    _anew: frozenset[int]
    _unsteady: frozenset[int]
    _renamed: Mapping[str, KnownFile]

    @classmethod
    def of(cls, known: Known, listing: Listing) -> Stats:
        """Given what was known and what is there."""
        by_id = {file.id: file.fingerprint for file in known.files.values()}
        renamed = as_they_lay(known, listing, renamed_folders(known, listing))
        return cls(known.files, by_id, numbered_anew(known, listing), listing.mounts.unsteady, renamed)

    def content(self, seen: SeenFile) -> str | None:
        """The content of a file on disk, or None if it has to be read.

        At the same path the device does not count: the numbers of removable disks change between mounts.
        """
        here, id = self._renamed.get(seen.path) or self._files.get(seen.path), seen.id
        if here is not None and here.id.mtime_ns == id.mtime_ns and here.id.size == id.size:
            anew = here.id.device in self._anew or id.device in self._unsteady or seen.path in self._renamed
            if here.id.inode == id.inode or anew:
                return here.fingerprint
        return self._by_id.get(id)


def numbered_anew(known: Known, listing: Listing) -> frozenset[int]:
    """The devices, as they were known, on which most files and folders have another number than they had.

    Not all: numbers that are counted up from one are the same for the first few. One file alone proves nothing: it may
    have been rewritten by a program that sets the time back.
    """
    changed, kept = _changed_and_kept(known, listing)
    return frozenset(device for device, count in changed.items() if count > max(1, kept[device]))


def _steady(known: Known, listing: Listing) -> frozenset[int]:
    """The devices on which most files and folders have the number that they had."""
    changed, kept = _changed_and_kept(known, listing)
    return frozenset(device for device, count in kept.items() if count > changed[device]) - listing.mounts.unsteady


def _changed_and_kept(known: Known, listing: Listing) -> tuple[Counter[int], Counter[int]]:
    """How many files and folders have another number than they had, and how many the same, by device."""
    changed: Counter[int] = Counter()
    kept: Counter[int] = Counter()
    for path, file in known.files.items():
        seen = listing.files.get(path)
        if seen is not None and same_but_number(file.id, seen.id):
            (kept if file.id.inode == seen.id.inode else changed)[file.id.device] += 1
    for name, folder in known.categories.items():
        if name in listing.categories:
            (kept if folder.inode == listing.categories[name].inode else changed)[folder.device] += 1
    return changed, kept


def same_but_number(before: FileId, now: FileId) -> bool:
    """Whether size and time are the same."""
    return before.size == now.size and before.mtime_ns == now.mtime_ns


def renamed_folders(known: Known, listing: Listing) -> dict[str, str]:
    """Known folders of whose files none lies where it lay, with the folder in which most of them lie under other
    numbers: at the same paths in it, with the same sizes and times.

    Into a folder that still has files of its own they were moved. If half of them have kept their numbers, or most of
    the others on that disk, these mean something here, and tell more. While a folder of the old name is there, it was
    renamed only if another one was to that name.
    """
    blind = {path.partition("/")[0] for path, _ in listing.unreadable}
    held = _by_folder(known.files)
    left = {name for name, files in held.items() if name not in blind and not _lies_there(name, files, listing)}
    steady = _steady(known, listing) if left else frozenset()
    left = {name for name in left if not any(file.id.device in steady for file in held[name].values())}
    to = [name for name in sorted(listing.categories) if name not in held or name in left]
    ids = {_number(seen.id) for seen in listing.files.values()} if left else set()
    found: dict[str, str] = {}
    for old in sorted(left):
        files = held[old]
        there = {name: _lies_there(name, files, listing) for name in to if name != old and name not in found.values()}
        new = max(there, key=lambda name: there[name], default=None)
        kept = sum(_number(file.id) in ids for file in files.values())
        if new is not None and 2 * there[new] > len(files) and 2 * kept < there[new]:
            found[old] = new
    while stays := found.keys() & listing.folders.keys() - set(found.values()):
        found = {old: new for old, new in found.items() if old not in stays}
    return found


def _number(id: FileId) -> tuple[int, int, int]:
    """The identity without the device, which may have got another number itself."""
    return id.inode, id.size, id.mtime_ns


def _lies_there(folder: str, files: Mapping[str, KnownFile], listing: Listing) -> int:
    """How many of the files, given by their paths inside a folder, lie in this one now."""
    paths = ((f"{folder}/{inside}", file) for inside, file in files.items())
    return sum(path in listing.files and same_but_number(file.id, listing.files[path].id) for path, file in paths)


def as_they_lay(known: Known, listing: Listing, renamed: Mapping[str, str]) -> dict[str, KnownFile]:
    """The files in renamed folders that are the same as they were under the old name, by their path now."""
    held = _by_folder(known.files) if renamed else {}
    paths = {f"{new}/{inside}": file for old, new in renamed.items() for inside, file in held[old].items()}
    return {
        path: file
        for path, file in paths.items()
        if path in listing.files and same_but_number(file.id, listing.files[path].id)
    }


def _by_folder(files: Mapping[str, KnownFile]) -> dict[str, dict[str, KnownFile]]:
    """For each category its files by their path inside it."""
    found: defaultdict[str, dict[str, KnownFile]] = defaultdict(dict)
    for path, file in files.items():
        category, slash, inside = path.partition("/")
        if slash:
            found[category][inside] = file
    return found
