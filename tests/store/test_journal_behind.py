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
from store.journaled import CATS, NEW, OURS, THEIRS, StateFolder, fill, knows_what_the_disk_does_not_tell


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_last_line_cut_short_is_left_out_and_the_next_ones_count(state: StateFolder, cut: int) -> None:
    store = state.start()
    fill(store)
    store.files.hold("d" * 32, now=2.0)
    os.truncate(state.journal, state.journal.stat().st_size - cut)
    store.files.hold("e" * 32, now=2.0)
    state.lose_database()
    assert state.start().files.held() == {NEW.fingerprint, "e" * 32}


def test_a_journal_that_is_not_there_is_written_from_a_sound_database(state: StateFolder) -> None:
    state.use()
    state.journal.unlink()
    state.journal.with_name(f"{JOURNAL}.part").write_text("half of one")  # a power cut has left it
    state.start(used_before=True)
    assert state.news == ()
    state.lose_database()
    knows_what_the_disk_does_not_tell(state.start())


def test_an_old_journal_does_not_overrule_a_sound_database(state: StateFolder) -> None:
    state.use()
    old = state.journal.read_bytes()
    store = state.start()
    store.files.confirm(OURS.path, now=2.0)
    store.files.apply([Moved(THEIRS, replace(THEIRS, path="dogs/theirs.mp4"))], CATS, now=2.0, watching=True)
    before = store.files.known(), store.files.rejections()
    state.end()
    state.journal.write_bytes(old)  # out of a backup
    store = state.start()
    assert (store.files.known(), store.files.rejections()) == before
    assert state.news == ()


def test_without_database_and_journal_it_says_that_nothing_can_be_known(state: StateFolder) -> None:
    state.use()
    state.lose_database()
    state.journal.unlink()
    store = state.start(used_before=True)
    assert "counts as filed by you" in state.news[0]
    assert lost(store.notes, now=9.0) == state.news[0]
    assert lost(store.notes, now=9.0 + LOST_SECONDS) is None


def test_a_first_start_has_nothing_to_say(state: StateFolder) -> None:
    store = state.start()
    assert state.news == ()
    assert lost(store.notes, now=9.0) is None
    assert state.journal.stat().st_mode & 0o777 == 0o600


def test_what_is_gone_from_a_shortened_journal_is_gone_from_an_older_database_too(state: StateFolder) -> None:
    """As it is when the database alone is put back from a backup."""
    state.use()
    backup = state.database.read_bytes()
    store = state.start()
    renamed = {"felines": FolderId(1, 2)}
    store.files.apply([CategoryRenamed("cats", "felines")], renamed, now=2.0, watching=True)
    for number in range(2 * LEAST_ROWS):
        store.notes.put(VIDEOS, f"/videos {number % 2}")
    state.end()
    long = state.journal.stat().st_size
    state.start()
    assert state.journal.stat().st_size < long / 10
    state.lose_database()
    state.database.write_bytes(backup)
    known = state.start().files.known()
    assert known.categories == renamed
    assert set(known.files) == {"felines/caf\udce9.mp4", "felines/theirs.mp4", NEW.path}


def test_a_file_that_was_replaced_is_on_disk_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a power cut may leave the old one, or none."""
    synced: list[tuple[int, int]] = []

    def noted(descriptor: int) -> None:
        found = os.fstat(descriptor)
        synced.append((found.st_dev, found.st_ino))

    monkeypatch.setattr(os, "fsync", noted)
    journal_file.replace(tmp_path / JOURNAL, "a library", 1, 0, [], sync=True)
    written, folder = (tmp_path / JOURNAL).stat(), tmp_path.stat()
    assert synced == [(written.st_dev, written.st_ino), (folder.st_dev, folder.st_ino)]
