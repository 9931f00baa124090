"""A category by its name: whether it can be one, how it is spelt on the disk, and a new one."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sorterd.library.ask_disk import fold
from sorterd.library.copy import sync_folder
from sorterd.library.junk import why_not_entered
from sorterd.library.layout import LayoutRules
from sorterd.library.names import MAX_BYTES
from sorterd.library.openat import opened


def why_no_category(name: str, rules: LayoutRules) -> str | None:
    """Return why a folder of this name in the root could never be a category, None if it could."""
    if not name.strip():
        return "a category needs a name"
    if "/" in name or "\0" in name or name in (".", ".."):
        return "a category is a folder directly in the folder of videos; give its name alone, without / and .."
    if len(os.fsencode(name)) > MAX_BYTES:
        return f"a name of {len(os.fsencode(name))} bytes is too long; {MAX_BYTES} are allowed"
    reason = why_not_entered(name)
    if reason is not None:
        return f"this is the name of a {reason}, and sorterd leaves those alone"
    if rules.ignored(name):
        return "watch.ignore in the config says to leave folders of this name alone"
    return None


def category_on_disk(root: Path, name: str) -> str | None:
    """Return how the folder of this name is spelt in the root, None if there is none.

    A name that is not there but differs from exactly one in case or Unicode form is that one. Raise OSError if the root
    cannot be looked into, NotADirectoryError if something else than a folder has the name.
    """
    with opened(root, "") as folder:
        names = os.listdir(folder)  # noqa: PTH208 - a descriptor
        same = [name] if name in names else [other for other in names if fold(other) == fold(name)]
        if len(same) != 1:
            return None
        if not stat.S_ISDIR(os.stat(same[0], dir_fd=folder, follow_symlinks=False).st_mode):
            raise NotADirectoryError(f"{same[0]} is no folder")
        return same[0]


def make_category(root: Path, name: str) -> int:
    """Make a folder in the root. Return its inode. Raise OSError, FileExistsError if the name is taken."""
    with opened(root, "") as folder:
        os.mkdir(name, dir_fd=folder)
        sync_folder(folder)
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_ino
