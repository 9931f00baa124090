"""Disks and processes that fail when a test wants them to."""

from __future__ import annotations

import errno
import os

import pytest

from sorterd.library import rename, transfer


def as_if_other_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rename from one folder to another fails as between two file systems."""
    monkeypatch.setattr(transfer, "rename_new", _within_one_folder)


def _within_one_folder(source_folder: int, source: str, target_folder: int, target: str) -> None:
    if not os.path.samestat(os.fstat(source_folder), os.fstat(target_folder)):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), source, None, target)
    rename.rename_new(source_folder, source, target_folder, target)
