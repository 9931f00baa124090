"""The two ends of a move: an open folder and a name in it, for the source and for the target.

An open folder stays the same folder, whatever happens to its name.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from sorterd.library.files import FileId
from sorterd.library.junk import OWN_PREFIX, OWN_SUFFIX
from sorterd.library.openat import opened, split


@dataclass(frozen=True, slots=True)
class Ends:
    """The source and the target of a move: descriptors of two folders, and a name in each."""

    source_folder: int
    source: str
    target_folder: int
    target: str
    in_place: Callable[[], bool] = lambda: True  # whether the target folder is still where it was

    @property
    def part(self) -> str:
        """Return the hidden name in the target folder under which a copy grows. It is the same after a restart."""
        names = os.fsencode(f"{self.source}\0{self.target}")
        return f"{OWN_PREFIX}{blake2b(names, digest_size=8).hexdigest()}{OWN_SUFFIX}"

    def source_stat(self) -> os.stat_result | None:
        """Return what lies at the source, or None."""
        return _lstat(self.source_folder, self.source)

    def target_stat(self) -> os.stat_result | None:
        """Return what lies at the target, or None."""
        return _lstat(self.target_folder, self.target)

    def part_stat(self) -> os.stat_result | None:
        """Return what lies under the hidden name, or None."""
        return _lstat(self.target_folder, self.part)


@contextmanager
def ends(root: Path, source: str, destination: str) -> Iterator[Ends]:
    """Open the two folders of a move under `root`. Raise OSError as `open_folder` does."""
    here, name = split(source)
    there, new_name = split(destination)
    with opened(root, here) as source_folder, opened(root, there) as target_folder:

        def in_place() -> bool:
            try:
                with opened(root, there) as found:
                    return os.path.samestat(os.fstat(found), os.fstat(target_folder))
            except (FileNotFoundError, NotADirectoryError):
                return False

        yield Ends(source_folder, name, target_folder, new_name, in_place)


def alike(found: os.stat_result, id: FileId) -> bool:
    """Return whether a file is plain and has the size and mtime of `id`. Its place on disk is not compared."""
    return stat.S_ISREG(found.st_mode) and (found.st_size, found.st_mtime_ns) == (id.size, id.mtime_ns)


def _lstat(folder: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
