"""The file of the spare copy on disk. What is in it: test_spare.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sorterd.store import spare_file


def test_a_file_written_anew_is_on_disk_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a power cut may leave the old one, or none."""
    synced: list[tuple[int, int]] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        found = os.fstat(descriptor)
        synced.append((found.st_dev, found.st_ino))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    spare_file.write_anew(tmp_path / "spare", "a library", 1, [], sync=True)
    written, folder = (tmp_path / "spare").stat(), tmp_path.stat()
    assert synced == [(written.st_dev, written.st_ino), (folder.st_dev, folder.st_ino)]
