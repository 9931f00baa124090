"""Check that the files of the state folder are still the ones that we opened.

Writes to an open file still succeed after it was deleted, but all that they record is gone at the next start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sorterd.store.database import StoreError


class StateGone(StoreError):
    """A file of the state folder is no longer the one that we have open."""

    @classmethod
    def at(cls, path: Path) -> StateGone:
        """Return the error that says so of this path."""
        return cls(
            f"{path} was deleted or replaced while sorterd was running; it ends here, and the next start "
            "restores what is lost"
        )


@dataclass(frozen=True, slots=True)
class Anchors:
    """The files that we opened at the start: their paths and (device, inode)."""

    files: Mapping[Path, tuple[int, int]]

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Anchors:
        """Return the anchors for those of the paths that exist now."""
        return cls({path: identity for path in paths if (identity := _identity(path)) is not None})

    def check(self) -> None:
        """Raise StateGone if a file was deleted or replaced, StoreError if it cannot be examined."""
        for path, identity in self.files.items():
            if _identity(path) != identity:
                raise StateGone.at(path)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError(f"{path} cannot be looked at: {error.strerror}") from error
    return status.st_dev, status.st_ino
