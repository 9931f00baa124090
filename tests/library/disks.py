"""Real other file systems, where the tests may mount."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(at: Path, size: str = "4m", options: str = "") -> Iterator[Path]:
    """A tmpfs of `size` mounted at the folder `at`; skip the test where mounting is not allowed."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
    at.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}{options}", "tmpfs", str(at)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    if mounted.returncode:
        pytest.skip(f"mounting is not possible here: {mounted.stderr.strip()}")
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


@contextmanager
def as_nobody() -> Iterator[None]:
    """For a while without root's power over permissions."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


def remount_read_only(at: Path) -> None:
    """Make a disk of `small_disk` read-only."""
    subprocess.run(["mount", "-o", "remount,ro", str(at)], check=True)
