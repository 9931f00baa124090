"""What a look at the disk yields, as values. Paths are relative to the root, POSIX, decoded with os.fsdecode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sorterd.library.mounts import NO_MOUNTS, Mounts


@dataclass(frozen=True, slots=True)
class FolderId:
    """Which directory this is, whatever its name."""

    device: int
    inode: int


@dataclass(frozen=True, slots=True)
class FileId:
    """Which bytes lie on disk, told without reading them: a rename changes none of these."""

    device: int
    inode: int
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A video file as a scan saw it. `touched_ns`: the later of its mtime and ctime, when anything last changed.
    `here`: its content is on this computer, not in a cloud only."""

    path: str
    id: FileId
    touched_ns: int
    here: bool = True


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A file that looks like a part of a download that is still running, by its name and those beside it.

    `because` says what tells so. `changed_ns`: when any file of that download last changed; None while a file lies
    beside it that says that this one is not whole, however long. `sure`: the names tell; else it is one only if it has
    no sound.
    """

    because: str
    changed_ns: int | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything of interest under the root at one moment.

    `categories` are the direct sub-folders in which videos lie, and empty ones. `unreadable` are (path, reason) of
    folders and files that could not be looked at: what lies in them is unknown, not gone. `devices` are the file
    systems of all folders, `mounts` what is mounted there. `unfinished` are those of the files that may belong to a
    running download, `left_alone` are (path, reason) of what is not looked at although it might be meant to be.
    `without_videos` are the direct sub-folders in which only other things lie: no categories.
    """

    root: FolderId
    files: Mapping[str, SeenFile] = field(default_factory=dict)
    categories: Mapping[str, FolderId] = field(default_factory=dict)
    unreadable: tuple[tuple[str, str], ...] = ()
    devices: frozenset[int] = frozenset()
    unfinished: Mapping[str, Unfinished] = field(default_factory=dict)
    left_alone: tuple[tuple[str, str], ...] = ()
    mounts: Mounts = NO_MOUNTS
    without_videos: Mapping[str, FolderId] = field(default_factory=dict)

    @property
    def folders(self) -> Mapping[str, FolderId]:
        """The direct sub-folders, categories or not."""
        return {**self.without_videos, **self.categories}


def category_of(path: str) -> str | None:
    """The category of a relative path: its top folder, or None for a file in the inbox."""
    head, slash, _ = path.partition("/")
    return head if slash else None
