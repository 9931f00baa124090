"""SHA-256 of weight files. The feature space is named after them, and packaged files are checked against known ones."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from sorterd.features.models.errors import ModelsUnavailable

REINSTALL = "reinstall it with pip install --force-reinstall 'sorterd[embedded]'"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hex. It is read again only if its size or time changed."""
    status = path.stat()
    return _sha256(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _sha256(path: Path, _size: int, _mtime_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verified(path: Path, expected: str) -> Path:
    """Return a packaged file after checking its SHA-256. Raise ModelsUnavailable if it is another one."""
    if not path.is_file():
        raise ModelsUnavailable(f"{path} is missing: {REINSTALL}")
    if sha256(path) != expected:
        raise ModelsUnavailable(f"{path} is damaged or another file (its SHA-256 is not the expected one): {REINSTALL}")
    return path
