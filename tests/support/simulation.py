"""A simulated disk for the reconciler, and what was known about it.

The disk is a dict; what was known lies in the real tables, in memory, so that the changes are also applied for real.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sorterd.changes import (
    Arrived,
    CategoryRenamed,
    Change,
    Converted,
    Copied,
    Gone,
    KnownFile,
    Moved,
    Replaced,
    Source,
    Touched,
)
from sorterd.library.files import FileId, FolderId, Listing, SeenFile, category_of
from sorterd.library.mounts import Mounts
from sorterd.store.database import connect
from sorterd.store.files import Files
from sorterd.sync.reconcile import Reconciled, reconcile, unread


@dataclass(slots=True)
class Disk:
    """Files as path -> (inode, content, mtime) and top folders as name -> inode. Content is a word; it is also its own
    fingerprint, and its length is the size of the file."""

    files: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)
    device: int = 1
    unreadable: set[str] = field(default_factory=set)
    unsettled: set[str] = field(default_factory=set)
    unsteady: bool = False  # it is known to number its files differently after each mount
    _ticks: int = 100

    def tick(self) -> int:
        self._ticks += 1
        return self._ticks

    def put(self, path: str, content: str) -> None:
        self._home(path)
        self.files[path] = (self.tick(), content, self.tick())

    def move(self, source: str, target: str) -> None:
        self._home(target)
        self.files[target] = self.files.pop(source)

    def copy(self, source: str, target: str) -> None:
        self.put(target, self.files[source][1])

    def link(self, source: str, target: str) -> None:
        self._home(target)
        self.files[target] = self.files[source]

    def overwrite(self, path: str, content: str) -> None:
        self.files[path] = (self.files[path][0], content, self.tick())

    def swap(self, one: str, other: str) -> None:
        self.files[one], self.files[other] = self.files[other], self.files[one]

    def delete(self, path: str) -> None:
        del self.files[path]

    def make_folder(self, name: str, inode: int | None = None) -> None:
        self.folders[name] = self.tick() if inode is None else inode

    def rename_folder(self, old: str, new: str) -> None:
        self.folders[new] = self.folders.pop(old)
        for path in self.inside(old):
            self.files[new + path[len(old) :]] = self.files.pop(path)

    def remove_folder(self, name: str) -> None:
        del self.folders[name]
        for path in self.inside(name):
            del self.files[path]

    def mount_anew(self) -> None:
        """As FAT, exFAT and many file systems in user space do it: inodes are counted up from the first name on."""
        self._ticks = 100
        self.folders = {name: self.tick() for name in sorted(self.folders)}
        self.files = {path: (self.tick(), content, when) for path, (_, content, when) in sorted(self.files.items())}

    def inside(self, name: str) -> list[str]:
        return [path for path in self.files if category_of(path) == name]

    def listing(self) -> Listing:
        """What a scan would see."""
        hidden = tuple(folder + "/" for folder in self.unreadable)
        seen = {
            path: SeenFile(path, FileId(self.device, inode, len(content), mtime), mtime)
            for path, (inode, content, mtime) in self.files.items()
            if not path.startswith(hidden)
        }
        folders = {name: FolderId(self.device, inode) for name, inode in self.folders.items()}
        unreadable = tuple((name, "no") for name in sorted(self.unreadable))
        mounts = Mounts(unsteady=frozenset([self.device] if self.unsteady else []))
        return Listing(FolderId(self.device, 1), seen, folders, unreadable, mounts=mounts)

    def _home(self, path: str) -> None:
        top = category_of(path)
        if top is not None and top not in self.folders:
            self.make_folder(top)


@dataclass(slots=True)
class Simulation:
    """A disk, and what is known about it."""

    disk: Disk
    files: Files
    now: float = 1.0

    def changes(self) -> list[Change]:
        """What a sync makes of the disk; nothing is recorded."""
        return self._reconciled().changes

    def _reconciled(self) -> Reconciled:
        listing, known = self.disk.listing(), self.files.known(recent_from=self.now - 3600)
        read = {f.path: self.disk.files[f.path][1] for f in unread(known, listing) if f.path not in self.disk.unsettled}
        return reconcile(known, listing, read)

    def synchronize(self) -> list[Change]:
        """One look at the disk, recorded."""
        found = self._reconciled()
        self.files.apply(found.changes, found.categories, now=self.now, watching=True)
        return found.changes

    def known(self) -> dict[str, str]:
        return {path: file.fingerprint for path, file in self.files.known().files.items()}

    def sources(self) -> dict[str, Source | None]:
        return {path: file.source for path, file in self.files.known().files.items()}

    def rejections(self) -> dict[str, set[str]]:
        return {content: set(folders) for content, folders in self.files.rejections().items()}

    def moved_by_us(self, path: str) -> None:
        """Say that it was us who put the file there."""
        file = self.files.at(path)
        assert file is not None
        self.files.put(replace(file, source="auto"), now=1.0)


def new_simulation() -> Simulation:
    return Simulation(Disk(), Files(connect(Path(":memory:"))))


def library(sim: Simulation, files: Mapping[str, str], *, by_us: Iterable[str] = ()) -> Disk:
    """Lay out these files, look once, and say which of them we put where they are; the disk."""
    for path, content in files.items():
        sim.disk.put(path, content)
    sim.synchronize()
    for path in by_us:
        sim.moved_by_us(path)
    return sim.disk


def story(changes: Iterable[Change]) -> list[tuple[str, ...]]:
    """The changes in short: the kind and the paths."""
    told: list[tuple[str, ...]] = []
    for change in changes:
        match change:
            case Arrived(file) | Gone(file, (), None):
                told.append((type(change).__name__.lower(), file.path))
            case Gone(file, _, KnownFile() as heir):
                told.append(("gone", file.path, "heir", heir.path))
            case Converted(file, origin, gone):
                told.append(("converted" if gone else "converting", origin.path, file.path))
            case Gone(file, elsewhere):
                told.append(("gone", file.path, *elsewhere))
            case Copied(file, original):
                told.append(("copied", original, file.path))
            case Moved(before, after) | Replaced(before, after) | Touched(before, after):
                told.append((type(change).__name__.lower(), before.path, after.path))
            case CategoryRenamed(old, new):
                told.append(("renamed", old, new))
    return told
