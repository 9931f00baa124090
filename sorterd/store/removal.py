"""Remove the state of a library: only files that sorterd has made."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path

from sorterd.store.homes import state_by_folder
from sorterd.store.journal_file import JOURNAL
from sorterd.store.older_spare import SPARE
from sorterd.store.store import DATABASE

# With copies that a repair has put aside, and files that were being written when the power went.
OWN_FILES = (f"{DATABASE}*", f"{JOURNAL}*", f"{SPARE}*", "lock", "lock.ask", "control.sock*", "open-review.html*")
OWN_FOLDERS = ("artifacts", "pictures")


def own_entries(state_dir: Path) -> Iterator[Path]:
    """Yield what sorterd has made in a state folder. A link is none: it is not known where that leads."""
    with os.scandir(state_dir) as entries:
        for entry in entries:
            folder = entry.is_dir(follow_symlinks=False)
            patterns = OWN_FOLDERS if folder else OWN_FILES
            if not entry.is_symlink() and any(fnmatchcase(entry.name, pattern) for pattern in patterns):
                yield state_dir / entry.name


def size_of(state_dir: Path) -> int:
    """Return how many bytes the state takes."""
    total = 0
    for path in own_entries(state_dir):
        files = path.rglob("*") if path.is_dir() else [path]
        total += sum(file.lstat().st_size for file in files if not file.is_dir())
    return total


def remove_state(state_dir: Path, videos: Path) -> list[str]:
    """Remove the state of `videos` and the link to it. Return the names of what else lies there, which stays.

    All links in `videos` are resolved. Raise OSError.
    """
    state_dir = Path(os.path.realpath(state_dir))
    for path in list(own_entries(state_dir)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    link = state_by_folder(videos)
    if link.is_symlink() and os.path.realpath(link) == os.path.realpath(state_dir):
        link.unlink()
    # Links and folders of other libraries may lie in the default state folder.
    left = sorted(name for name in os.listdir(state_dir) if not name.startswith("folder-"))  # noqa: PTH208
    with suppress(OSError):  # not empty
        state_dir.rmdir()
    return left
