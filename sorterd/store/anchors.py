"""The files of the state folder must stay the same files while we hold them open.

An open file that is deleted goes on working, into nothing: everything would be recorded, and be gone at the next start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sorterd.store.database import StoreError


class StateGone(StoreError):
    """A file of the state folder is no longer the one that we have open."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """Which files lay where at the start, as (device, inode)."""

    files: Mapping[Path, tuple[int, int]]

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Anchors:
        """Those of the paths that are there now."""
        return cls({path: found for path in paths if (found := _identity(path)) is not None})

    def check(self) -> None:
        """Raise StateGone if one of them is gone or another file, StoreError if it cannot be looked at."""
        for path, identity in self.files.items():
            if _identity(path) != identity:
                raise StateGone(
                    f"{path} was deleted or replaced while sorterd was running; it ends here, and the next start "
                    "makes anew what is lost"
                )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError(f"{path} cannot be looked at: {error.strerror}") from error
    return found.st_dev, found.st_ino
