"""Trees as dicts: a str -> bytes is a file, a str -> dict a folder."""

import os
from collections.abc import Mapping
from pathlib import Path

from sorterd.library.files import FileId

Tree = Mapping[str, object]


def make(root: Path, tree: Tree) -> Path:
    """Lay the tree out under `root`; return `root`."""
    root.mkdir(exist_ok=True)
    for name, content in tree.items():
        if isinstance(content, bytes):
            (root / name).write_bytes(content)
        else:
            assert isinstance(content, Mapping)
            make(root / name, content)
    return root


def read(root: Path) -> dict[str, object]:
    """Everything under `root`, hidden files included; a symlink is its target as str."""
    return {entry.name: _content(entry) for entry in sorted(root.iterdir())}


def _content(entry: Path) -> object:
    if entry.is_symlink():
        return str(entry.readlink())
    return read(entry) if entry.is_dir() else entry.read_bytes()


def names(folder: Path) -> list[str]:
    """What lies in a folder, sorted."""
    return sorted(entry.name for entry in folder.iterdir())


def id_of(path: Path) -> FileId:
    """What a scan would say of the file."""
    found = os.lstat(path)
    return FileId(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
