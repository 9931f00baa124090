"""Remove the state of a library: only files that sorterd has made."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path

from sorterd import artifact_names
from sorterd.pictures.files import FOLDER, own_files
from sorterd.store.homes import state_by_folder
from sorterd.store.journal_file import JOURNAL, SPARE
from sorterd.store.store import DATABASE

# With copies that a repair has put aside, and files that were being written when the power went.
OWN_FILES = (
    *(f"{DATABASE}*", f"{JOURNAL}*", f"{SPARE}*"),
    *("lock", "lock.ask", "control.sock*", "open-review.html*", "web.pem"),
)
ARTIFACTS = (*artifact_names.ALL, ".*.unfinished")
ARTIFACT_FOLDERS = (".scratch", ".cuda")  # of the worker alone


def own_entries(state_dir: Path) -> Iterator[Path]:
    """Yield the files that sorterd has made in a state folder, and folders in which all is its own.

    A link is none: it is not known where that leads. The state folder may also be one in which the user keeps other
    things, so `artifacts` and `pictures` may be folders of the user.
    """
    yield from _named(state_dir, OWN_FILES, ())
    if not (state_dir / "artifacts").is_symlink():
        yield from _named(state_dir / "artifacts", ARTIFACTS, ARTIFACT_FOLDERS)
    if not (state_dir / FOLDER).is_symlink():
        yield from own_files(state_dir)


def _named(folder: Path, files: tuple[str, ...], folders: tuple[str, ...]) -> Iterator[Path]:
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            patterns = folders if entry.is_dir(follow_symlinks=False) else files
            if not entry.is_symlink() and any(fnmatchcase(entry.name, pattern) for pattern in patterns):
                yield folder / entry.name


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
    for folder in (*(state_dir / FOLDER).glob("[0-9a-f][0-9a-f]"), state_dir / FOLDER, state_dir / "artifacts"):
        if not folder.is_symlink():
            with suppress(OSError):  # not there, or not empty
                folder.rmdir()
    link = state_by_folder(videos)
    if link.is_symlink() and os.path.realpath(link) == os.path.realpath(state_dir):
        link.unlink()
    # Links and folders of other libraries may lie in the default state folder.
    left = sorted(name for name in os.listdir(state_dir) if not name.startswith("folder-"))  # noqa: PTH208
    with suppress(OSError):  # not empty
        state_dir.rmdir()
        link.parent.rmdir()
    return left
