"""Mount a second file system inside the library, if this user may, so that moves into it are copies."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def mounted(folder: Path, size: str = "512m") -> Iterator[bool]:
    """Mount a tmpfs at `folder`. Yield whether that was possible."""
    possible = False
    if os.geteuid() == 0:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        try:
            possible = subprocess.run(command, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            possible = False
    try:
        yield possible
    finally:
        if possible:
            subprocess.run(["umount", "-l", str(folder)], check=True)
