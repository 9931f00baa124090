"""A journal that is damaged, of another version or library, or cannot be written."""

import errno
import os
import sqlite3
from pathlib import Path
from typing import NoReturn

import pytest

from sorterd.store import journal_file
from sorterd.store.database import StoreError
from sorterd.store.journal_file import JOURNAL, Line, append
from sorterd.store.older_spare import SPARE
from sorterd.store.schema import MIGRATIONS
from store.journaled import (
    NEW,
    OURS,
    fill,
    knows_what_the_disk_does_not_tell,
    lose_database,
    opened,
    planned,
    used,
)

CONTENT = {"here": "d" * 32, "there": "e" * 32}


@pytest.mark.parametrize("place", range(0, 2000, 97))
def test_a_flipped_bit_costs_one_line_and_the_file_is_put_aside(tmp_path: Path, place: int) -> None:
    used(tmp_path)
    path = tmp_path / JOURNAL
    content = bytearray(path.read_bytes())
    content[place % content.rindex(b"\n")] ^= 4
    path.write_bytes(content)
    lose_database(tmp_path)
    found = opened(tmp_path)
    assert path.with_name(f"{JOURNAL}.damaged-9").read_bytes() == content
    assert "damaged" in found.news[0]
    (entry,) = found.store.journal.latest(9)  # its last line is whole
    assert entry.destination == OURS.path
    assert found.store.files.known().files.get(OURS.path) in (OURS, None)
    found.store.close()


def test_a_damaged_journal_stays_if_it_could_not_be_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used(tmp_path)
    path = tmp_path / JOURNAL
    content = bytearray(path.read_bytes())
    content[30] ^= 4
    path.write_bytes(content)
    lose_database(tmp_path)

    def full(_: sqlite3.Connection) -> NoReturn:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("sorterd.store.replay.transaction", full)
        with pytest.raises(sqlite3.OperationalError):
            opened(tmp_path, used_before=True)
    found = opened(tmp_path, used_before=True)
    assert found.store.files.known().files[OURS.path] == OURS
    assert len(found.store.journal.latest(9)) == 1
    assert not any("neither" in sentence for sentence in found.news)
    found.store.close()


@pytest.mark.parametrize("text", [b"my shopping list\n", b"\0" * 5000, b"[]\n{}\nnull", b"00000000 []"])
def test_a_file_that_is_no_journal_is_put_aside_and_not_believed(tmp_path: Path, text: bytes) -> None:
    (tmp_path / JOURNAL).write_bytes(text)
    found = opened(tmp_path)
    assert (tmp_path / f"{JOURNAL}.damaged-9").read_bytes() == text
    fill(found.store)
    found.store.close()


def test_the_journal_of_another_library_is_put_aside(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        store = opened(folder).store
        store.files.hold(CONTENT[folder.name], now=1.0)
        store.close()
    (there / JOURNAL).rename(here / JOURNAL)
    found = opened(here)
    assert "another library's" in found.news[0]
    assert found.store.files.held() == {CONTENT["here"]}
    found.store.close()


def test_a_journal_that_cannot_be_written_stops_the_move_before_it_happens(tmp_path: Path) -> None:
    store = opened(tmp_path).store
    (tmp_path / JOURNAL).unlink()
    with pytest.raises(StoreError, match="cannot be used: No such file"):
        planned(store)
    store.close()


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("elsewhere"), os.mkfifo])
def test_what_is_no_plain_file_in_its_place_is_said(tmp_path: Path, make: object) -> None:
    make(tmp_path / JOURNAL)  # type: ignore[operator]
    with pytest.raises(StoreError, match=r"journal\.jsonl cannot be used"):
        opened(tmp_path)


def test_rows_of_another_version_are_left_out_and_counted(tmp_path: Path) -> None:
    used(tmp_path)
    rows = [
        {"table": "holds", "fingerprint": "d" * 32, "at": 1.0, "new": "column"},
        {"table": "holds", "fingerprint": "no fingerprint", "at": 1.0},
        {"table": "holds", "fingerprint": "f" * 32, "at": "today"},
        {"table": "holds", "fingerprint": ["a list"], "at": 1.0},
        {"table": "holds", "gone": True},
        {"table": "toys", "id": 1},
        {},
        [],
        {"table": "holds", "fingerprint": "e" * 32, "at": 1.0},
    ]
    append(tmp_path / JOURNAL, Line(10**6, tuple(rows)), sync=False)  # type: ignore[arg-type]
    found = opened(tmp_path)
    assert found.news[-1] == "rows of the journal that are invalid in this version were left out: 8"
    assert found.store.files.held() == {NEW.fingerprint, "e" * 32}
    found.store.close()


def test_a_table_that_had_another_name_in_an_earlier_version_is_restored(tmp_path: Path) -> None:
    used(tmp_path)
    rejection = {"table": "refusals", "fingerprint": NEW.fingerprint, "category": "birds", "at": 1.0}
    append(tmp_path / JOURNAL, Line(10**6, (rejection,)), sync=False)
    found = opened(tmp_path)
    assert "birds" in found.store.files.rejections()[NEW.fingerprint]
    found.store.close()


def test_the_journal_of_a_later_version_is_put_aside_whole(tmp_path: Path) -> None:
    """After an upgrade and a way back, for which the message says to move the database away."""
    used(tmp_path)
    lose_database(tmp_path)
    journal_file.replace(tmp_path / JOURNAL, "a library", len(MIGRATIONS) + 1, 5, [], sync=False)
    later = (tmp_path / JOURNAL).read_bytes()
    opened(tmp_path, used_before=True).store.close()
    assert (tmp_path / f"{JOURNAL}.unclear-9").read_bytes() == later


def no_room(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.usefixtures("synced")
def test_what_did_not_reach_the_disk_leaves_the_journal_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used(tmp_path)
    store = opened(tmp_path).store
    before = (tmp_path / JOURNAL).read_bytes()
    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(StoreError, match="No space left"):
        store.files.confirm(OURS.path, now=2.0)
    assert (tmp_path / JOURNAL).read_bytes() == before
    store.close()


def test_a_change_outside_the_journal_is_not_in_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used(tmp_path)
    store = opened(tmp_path).store
    with monkeypatch.context() as patch:
        patch.setattr(journal_file, "append", no_room)
        with pytest.raises(StoreError, match="No space left"):
            store.files.confirm(OURS.path, now=2.0)
        with pytest.raises(StoreError, match="No space left"), store.transaction():
            store.files.hold("d" * 32, now=3.0)
    knows_what_the_disk_does_not_tell(store)
    store.files.hold("e" * 32, now=3.0)
    store.close()
    lose_database(tmp_path)
    store = opened(tmp_path).store
    assert store.files.known().files[OURS.path] == OURS
    assert store.files.held() == {NEW.fingerprint, "e" * 32}
    store.close()


def test_a_spare_copy_of_an_earlier_version_that_cannot_be_read_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / SPARE).write_bytes(b"00000000 []\n00000000 []")
    opened(tmp_path).store.close()
    assert (tmp_path / f"{SPARE}.damaged-9").exists()
