"""Journal and database that do not agree: one is older, shorter or missing."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from sorterd.changes import CategoryRenamed, Moved
from sorterd.library.files import FolderId
from sorterd.store import journal_file
from sorterd.store.journal_file import JOURNAL
from sorterd.store.journaling import LEAST_ROWS
from sorterd.store.opening import LOST_SECONDS, lost
from sorterd.store.settings import VIDEOS
from sorterd.store.store import DATABASE
from store.journaled import (
    CATS,
    NEW,
    OURS,
    THEIRS,
    fill,
    knows_what_the_disk_does_not_tell,
    lose_database,
    opened,
    used,
)


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_last_line_cut_short_is_left_out_and_the_next_ones_count(tmp_path: Path, cut: int) -> None:
    store = opened(tmp_path).store
    fill(store)
    store.files.hold("d" * 32, now=2.0)
    path = tmp_path / JOURNAL
    os.truncate(path, path.stat().st_size - cut)
    store.files.hold("e" * 32, now=2.0)
    store.close()
    lose_database(tmp_path)
    found = opened(tmp_path)
    assert found.store.files.held() == {NEW.fingerprint, "e" * 32}
    found.store.close()


def test_a_journal_that_is_not_there_is_written_from_a_sound_database(tmp_path: Path) -> None:
    used(tmp_path)
    (tmp_path / JOURNAL).unlink()
    found = opened(tmp_path, used_before=True)
    assert found.news == ()
    found.store.close()
    lose_database(tmp_path)
    found = opened(tmp_path)
    knows_what_the_disk_does_not_tell(found.store)
    found.store.close()


def test_an_old_journal_does_not_overrule_a_sound_database(tmp_path: Path) -> None:
    used(tmp_path)
    old = (tmp_path / JOURNAL).read_bytes()
    store = opened(tmp_path).store
    store.files.confirm(OURS.path, now=2.0)
    store.files.apply([Moved(THEIRS, replace(THEIRS, path="dogs/theirs.mp4"))], CATS, now=2.0, watching=True)
    before = store.files.known(), store.files.rejections()
    store.close()
    (tmp_path / JOURNAL).write_bytes(old)  # out of a backup
    found = opened(tmp_path)
    assert (found.store.files.known(), found.store.files.rejections()) == before
    assert found.news == ()
    found.store.close()


def test_without_database_and_journal_it_says_that_nothing_can_be_known(tmp_path: Path) -> None:
    used(tmp_path)
    lose_database(tmp_path)
    (tmp_path / JOURNAL).unlink()
    found = opened(tmp_path, used_before=True)
    assert "counts as filed by you" in found.news[0]
    assert lost(found.store.notes, now=9.0) == found.news[0]
    assert lost(found.store.notes, now=9.0 + LOST_SECONDS) is None
    found.store.close()


def test_a_first_start_has_nothing_to_say(tmp_path: Path) -> None:
    found = opened(tmp_path)
    assert found.news == ()
    assert lost(found.store.notes, now=9.0) is None
    assert (tmp_path / JOURNAL).stat().st_mode & 0o777 == 0o600
    found.store.close()


def test_what_is_gone_from_a_shortened_journal_is_gone_from_an_older_database_too(tmp_path: Path) -> None:
    """As it is when the database alone is put back from a backup."""
    used(tmp_path)
    backup = (tmp_path / DATABASE).read_bytes()
    found = opened(tmp_path)
    renamed = {"felines": FolderId(1, 2)}
    found.store.files.apply([CategoryRenamed("cats", "felines")], renamed, now=2.0, watching=True)
    for number in range(2 * LEAST_ROWS):
        found.store.notes.put(VIDEOS, f"/videos {number % 2}")
    found.store.close()
    long = (tmp_path / JOURNAL).stat().st_size
    opened(tmp_path).store.close()
    assert (tmp_path / JOURNAL).stat().st_size < long / 10
    lose_database(tmp_path)
    (tmp_path / DATABASE).write_bytes(backup)
    store = opened(tmp_path).store
    known = store.files.known()
    assert known.categories == renamed
    assert set(known.files) == {"felines/caf\udce9.mp4", "felines/theirs.mp4", NEW.path}
    store.close()


def test_a_file_that_was_replaced_is_on_disk_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a power cut may leave the old one, or none."""
    synced: list[tuple[int, int]] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        found = os.fstat(descriptor)
        synced.append((found.st_dev, found.st_ino))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    journal_file.replace(tmp_path / JOURNAL, "a library", 1, 0, [], sync=True)
    written, folder = (tmp_path / JOURNAL).stat(), tmp_path.stat()
    assert synced == [(written.st_dev, written.st_ino), (folder.st_dev, folder.st_ino)]
