"""Make the folder that a video is filed into, and remove it again when that is undone."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from sorterd.library.category import make_category
from sorterd.library.copy import sync_folder
from sorterd.library.openat import opened
from sorterd.store.made_folders import MadeFolders
from sorterd.store.store import Store


def make_folder(root: Path, store: Store, name: str) -> None:
    """Make a category and remember that it is ours. Raise OSError, FileExistsError if the name is taken."""
    inode = make_category(root, name)
    MadeFolders(store.connection).add(name, inode)


def folders_left_empty(root: Path, store: Store, leaving: Iterable[str]) -> list[str]:
    """Return the categories that `remove_made_folder` would remove if these files, paths in the root, were gone."""
    names: dict[str, set[str]] = {}
    for path in leaving:
        folder, _, name = path.rpartition("/")
        names.setdefault(folder, set()).add(name)
    return [folder for folder in sorted(names) if _has_only(root, store, folder, names[folder])]


def _has_only(root: Path, store: Store, name: str, files: set[str]) -> bool:
    inode = MadeFolders(store.connection).all().get(name)
    if inode is None:
        return False
    try:
        with opened(root, name) as folder:
            return os.fstat(folder).st_ino == inode and set(os.listdir(folder)) <= files  # noqa: PTH208  # of a descriptor
    except OSError:  # what cannot be listed is not removed either
        return False


def remove_made_folder(root: Path, store: Store, name: str) -> bool:
    """Remove a category that we have made if it is still that folder and empty. Return whether it is gone."""
    made = MadeFolders(store.connection)
    inode = made.all().get(name)
    if inode is None:
        return False
    try:
        with opened(root, "") as top:
            found = os.stat(name, dir_fd=top, follow_symlinks=False)
            if (found.st_dev, found.st_ino) != (os.fstat(top).st_dev, inode):
                return False
            os.rmdir(name, dir_fd=top)
            sync_folder(top)
    except OSError as error:
        # Something is in it, or it is gone; or it cannot be removed, and an empty folder does no harm.
        if error.errno == errno.ENOENT:
            made.forget(name)
        return False
    made.forget(name)
    return True
