"""What only sorterd knows is in the journal: a database that is gone or behind is made from it again."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sorterd.changes import Arrived, CategoryRenamed, Gone, KnownFile, Moved
from sorterd.library.files import FileId, FolderId
from sorterd.store import journal_file
from sorterd.store.journal_file import JOURNAL
from sorterd.store.journaling import LEAST_ROWS
from sorterd.store.opening import LOST_SECONDS, Opened, lost, open_to_write
from sorterd.store.settings import TRAINING, VIDEOS
from sorterd.store.store import DATABASE, Store

OURS = KnownFile("cats/caf\udce9.mp4", FileId(1, 2**64 - 10, 5, 6), "a" * 32, "auto")


THEIRS = KnownFile("cats/theirs.mp4", FileId(1, 11, 5, 6), "b" * 32, "user")


NEW = KnownFile("new.mp4", FileId(1, 12, 5, 6), "c" * 32, None)


CATS = {"cats": FolderId(1, 2)}


def opened(folder: Path, *, used_before: bool = False, now: float = 9.0) -> Opened:
    return open_to_write(folder, used_before=used_before, now=now)


def fill(store: Store) -> None:
    store.notes.put(VIDEOS, "/videos")
    store.files.apply([Arrived(file) for file in (OURS, THEIRS, NEW)], CATS, now=1.0, watching=False)
    store.files.reject(NEW.fingerprint, "dogs", now=1.0)
    store.files.hold(NEW.fingerprint, now=1.0)
    planned(store)


def used(folder: Path) -> None:
    """A store that was filled and closed."""
    store = opened(folder).store
    fill(store)
    store.close()


def planned(store: Store) -> int:
    number = store.journal.plan(
        kind="sort", fingerprint=OURS.fingerprint, source="caf\udce9.mp4", destination=OURS.path,
        sidecars=(("a.jpg", "cats/a.jpg"),), id=OURS.id, reason="looks like it", now=1.0, confidence=0.9,
    )  # fmt: skip
    store.journal.step(number, "done")
    return number


def knows_what_the_disk_does_not_tell(store: Store) -> None:
    known = store.files.known()
    assert known.files == {file.path: file for file in (OURS, THEIRS, NEW)}
    assert known.categories == CATS
    assert store.files.rejections() == {NEW.fingerprint: frozenset({"dogs"})}
    assert store.files.held() == {NEW.fingerprint}
    (entry,) = store.journal.latest(9)
    assert (entry.number, entry.destination, entry.sidecars) == (1, OURS.path, (("a.jpg", "cats/a.jpg"),))
    assert store.notes.get(VIDEOS) == "/videos"


def lose_database(folder: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        (folder / (DATABASE + suffix)).unlink(missing_ok=True)


def empty_database(folder: Path) -> None:
    os.truncate(folder / DATABASE, 0)


def lose_and_ask(folder: Path) -> None:
    lose_database(folder)
    Store.open(folder).close()  # as `sorterd status` does it: a new, empty database


@pytest.mark.parametrize("lose", [lose_database, empty_database, lose_and_ask])
def test_a_database_that_is_gone_is_made_from_the_journal(tmp_path: Path, lose: object) -> None:
    used(tmp_path)
    lose(tmp_path)  # type: ignore[operator]
    found = opened(tmp_path, used_before=True)
    knows_what_the_disk_does_not_tell(found.store)
    assert found.news == (
        "the database was gone, damaged or behind; from the journal come "
        "videos: 3, moves: 1, rejections: 1, undone videos: 1",
    )
    assert planned(found.store) == 2, "numbers go on where they were"
    found.store.close()
    again = opened(tmp_path)
    assert again.news == ()
    assert len(again.store.journal.latest(9)) == 2
    again.store.close()


KILLED = """


import os, signal, sys


from pathlib import Path


sys.path[:0] = sys.argv[2:]


from store.test_journaling import fill, opened


fill(opened(Path(sys.argv[1])).store)


os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_went_with_the_write_ahead_log_after_a_kill_is_in_the_journal(tmp_path: Path) -> None:
    opened(tmp_path).store.close()
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), *filter(None, sys.path)], check=False)
    assert (tmp_path / f"{DATABASE}-wal").stat().st_size > 0
    (tmp_path / f"{DATABASE}-wal").unlink()
    found = opened(tmp_path)
    knows_what_the_disk_does_not_tell(found.store)
    assert "from the journal come" in found.news[0]
    found.store.close()


def test_what_only_the_journal_has_got_counts_as_after_a_kill_between_the_two(tmp_path: Path) -> None:
    used(tmp_path)
    before = (tmp_path / DATABASE).read_bytes()
    store = opened(tmp_path).store
    filed = replace(NEW, path="cats/new.mp4", source="auto")
    store.files.apply([Moved(NEW, filed)], CATS, now=2.0, watching=True)
    store.files.confirm(OURS.path, now=2.0)
    store.close()
    lose_database(tmp_path)
    (tmp_path / DATABASE).write_bytes(before)
    found = opened(tmp_path)
    assert "from the journal come videos: 3, undone videos: 1" in found.news[0]
    known = found.store.files.known().files
    assert set(known) == {OURS.path, THEIRS.path, "cats/new.mp4"}, "it is not in the inbox as well"
    assert known["cats/new.mp4"] == filed
    assert known[OURS.path].source == "confirmed"
    found.store.close()


def test_what_changed_since_is_in_the_journal_as_well(tmp_path: Path) -> None:
    store = opened(tmp_path).store
    fill(store)
    store.files.apply([CategoryRenamed("cats", "felines")], {"felines": FolderId(1, 2)}, now=2.0, watching=True)
    store.files.confirm("felines/caf\udce9.mp4", now=2.0)
    store.journal.set_undone(1)
    store.connection.execute("DELETE FROM holds")
    store.close()
    lose_database(tmp_path)
    store = opened(tmp_path).store
    known = store.files.known()
    assert {path: file.source for path, file in known.files.items()} == {
        "felines/caf\udce9.mp4": "confirmed",
        "felines/theirs.mp4": "user",
        "new.mp4": None,
    }
    assert list(known.categories) == ["felines"]
    assert store.files.held() == frozenset()
    entry = store.journal.get(1)
    assert entry is not None
    assert entry.undone
    store.close()


def test_what_was_ours_and_is_gone_is_in_the_journal(tmp_path: Path) -> None:
    used(tmp_path)
    store = opened(tmp_path).store
    store.files.apply([Gone(OURS)], CATS, now=2.0, watching=True)
    store.close()
    lose_database(tmp_path)
    store = opened(tmp_path).store
    store.files.apply([Arrived(replace(OURS, source="user"))], CATS, now=3.0, watching=True)
    assert store.files.at(OURS.path) == OURS
    store.close()


def test_what_was_rolled_back_is_not_in_the_journal(tmp_path: Path) -> None:
    store = opened(tmp_path).store
    before = (tmp_path / JOURNAL).read_bytes()

    def fail() -> None:
        with store.transaction():
            store.files.hold("d" * 32, now=1.0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    store.notes.put(TRAINING, "something else")
    assert (tmp_path / JOURNAL).read_bytes() == before
    store.close()


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
    found.store.connection.execute("PRAGMA synchronous = OFF")
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
