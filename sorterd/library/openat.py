"""Open folders under the root so that nothing can lead outside it.

Every component of a path is opened relative to the one above it, and never through a symlink. A `..`, or a folder that
is swapped for a symlink at the worst moment, ends in an error and not in somebody else's files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class NotBeneath(ValueError):
    """A relative path that could lead outside the root."""


def components(path: str) -> list[str]:
    """Return the names in a relative path, none for "", the root itself.

    Raise `NotBeneath` for absolute paths, `..` and NUL.
    """
    if path == "":
        return []
    names = path.split("/")
    if any(name in ("", ".", "..") or "\0" in name for name in names):
        raise NotBeneath(f"{path!r} is not a plain path inside the videos folder")
    return names


def split(path: str) -> tuple[str, str]:
    """Return the folder ("" for the root) and the name in a relative path to a file."""
    names = components(path)
    if not names:
        raise NotBeneath("the videos folder itself is not a file in it")
    return "/".join(names[:-1]), names[-1]


def join(folder: str, name: str) -> str:
    """Return the relative path of `name` in `folder`."""
    return f"{folder}/{name}" if folder else name


def open_folder(root: Path | int, path: str) -> int:
    """Return a descriptor of the folder `path` under `root`. The caller closes it.

    `root` is a path or an open descriptor. The root itself may be reached through symlinks: its owner wrote it into the
    config. Raise OSError if a component is missing, no folder, or a symlink (ENOTDIR or ELOOP).
    """
    names = components(path)
    current = os.open(".", _FOLDER, dir_fd=root) if isinstance(root, int) else os.open(root, _FOLDER)
    for name in names:
        try:
            below = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=current)
        finally:
            os.close(current)
        current = below
    return current


@contextmanager
def opened(root: Path | int, path: str) -> Iterator[int]:
    """Yield the descriptor of `open_folder` and close it afterwards."""
    folder = open_folder(root, path)
    try:
        yield folder
    finally:
        os.close(folder)


@contextmanager
def opened_file(folder: int, name: str) -> Iterator[int]:
    """Open a plain file in an open folder for reading, without following links. Raise OSError."""
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
