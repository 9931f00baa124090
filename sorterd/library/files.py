"""The values that a scan returns. Paths are relative to the root, POSIX, decoded with os.fsdecode."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from sorterd.captions.source import FileSeen
from sorterd.library.mounts import NO_MOUNTS, Mounts


@dataclass(frozen=True, slots=True)
class FolderId:
    """The identity of a directory, whatever its name."""

    device: int
    inode: int

    @classmethod
    def of(cls, found: os.stat_result) -> FolderId:
        """Return the identity in a result of `stat` or `lstat`."""
        return cls(found.st_dev, found.st_ino)


@dataclass(frozen=True, slots=True)
class FileId:
    """The identity of a file's bytes, known without reading them. A rename changes none of these fields."""

    device: int
    inode: int
    size: int
    mtime_ns: int

    @property
    def without_device(self) -> tuple[int, int, int]:
        """The identity without the device, whose number may change when the system restarts or a disk is mounted."""
        return self.inode, self.size, self.mtime_ns


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A video file as a scan saw it.

    `touched_ns` is when anything about it last changed: the later of its mtime and ctime. `here` is false if its
    content is only in a cloud, not on this computer.
    """

    path: str
    id: FileId
    touched_ns: int
    here: bool = True


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A file that looks like a part of a running download, by its name and the names beside it.

    `because` says what makes it look so. `changed_ns` is when any file of that download last changed. It is None if a
    file beside it says that it is incomplete, however old both are. `sure` is true if the names prove it. Otherwise the
    file is unfinished only if it has no sound.
    """

    because: str
    changed_ns: int | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything of interest under the root at one moment.

    - `categories`: the direct sub-folders that hold videos or are empty.
    - `unreadable`: (path, reason) of folders and files that could not be looked at. What lies in them is unknown, not
      gone.
    - `devices`: the file systems of all folders.
    - `mounts`: what is mounted there.
    - `unfinished`: those of the files that may belong to a running download.
    - `left_alone`: (path, reason) of what is not looked at although a user may expect it.
    - `texts`: the text sidecars of each video that has any, if they were asked for.
    - `without_videos`: the direct sub-folders that hold only other things, and so are no categories.
    """

    root: FolderId
    files: Mapping[str, SeenFile] = field(default_factory=dict)
    categories: Mapping[str, FolderId] = field(default_factory=dict)
    unreadable: tuple[tuple[str, str], ...] = ()
    devices: frozenset[int] = frozenset()
    unfinished: Mapping[str, Unfinished] = field(default_factory=dict)
    left_alone: tuple[tuple[str, str], ...] = ()
    mounts: Mounts = NO_MOUNTS
    texts: Mapping[str, tuple[FileSeen, ...]] = field(default_factory=dict)
    without_videos: Mapping[str, FolderId] = field(default_factory=dict)

    @property
    def folders(self) -> Mapping[str, FolderId]:
        """The direct sub-folders, categories or not."""
        return {**self.without_videos, **self.categories}


def category_of(path: str) -> str | None:
    """Return the category of a relative path: its top folder, or None for a file in the inbox."""
    head, slash, _ = path.partition("/")
    return head if slash else None
