"""A journal that is damaged, of another version or library, or cannot be written."""

import errno
import os
import sqlite3
from pathlib import Path
from typing import NoReturn

import pytest

from sorterd.store import journal_file
from sorterd.store.anchors import StateGone
from sorterd.store.database import StoreError
from sorterd.store.journal_file import JOURNAL, SPARE, Line, append
from sorterd.store.schema import MIGRATIONS
from store.journaled import NEW, OURS, StateFolder, fill, knows_what_the_disk_does_not_tell, planned


def flip_bit(journal: Path, place: int) -> bytes:
    """Flip a bit before the last line. Return what the file holds then."""
    content = bytearray(journal.read_bytes())
    content[place % content.rindex(b"\n")] ^= 4
    journal.write_bytes(content)
    return bytes(content)


@pytest.mark.parametrize("place", range(0, 2000, 97))
def test_a_flipped_bit_costs_one_line_and_the_file_is_put_aside(state: StateFolder, place: int) -> None:
    state.use()
    content = flip_bit(state.journal, place)
    state.lose_database()
    store = state.start()
    assert (state.folder / f"{JOURNAL}.damaged-9").read_bytes() == content
    assert "damaged" in state.news[0]
    (entry,) = store.journal.latest(9)  # its last line is whole
    assert entry.destination == OURS.path
    assert store.files.known().files.get(OURS.path) in (OURS, None)


def test_a_damaged_journal_stays_if_it_could_not_be_restored(
    state: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: sqlite3.Connection) -> NoReturn:
        raise sqlite3.OperationalError("database or disk is full")

    state.use()
    flip_bit(state.journal, 30)
    state.lose_database()
    with monkeypatch.context() as patch:
        patch.setattr("sorterd.store.replay.transaction", full)
        with pytest.raises(sqlite3.OperationalError):
            state.start(used_before=True)
    store = state.start(used_before=True)
    assert store.files.known().files[OURS.path] == OURS
    assert len(store.journal.latest(9)) == 1
    assert not any("neither" in sentence for sentence in state.news)


@pytest.mark.parametrize("text", [b"my shopping list\n", b"\0" * 5000, b"[]\n{}\nnull", b"00000000 []"])
def test_a_file_that_is_no_journal_is_put_aside_and_not_believed(state: StateFolder, text: bytes) -> None:
    state.journal.write_bytes(text)
    fill(state.start())
    assert (state.folder / f"{JOURNAL}.damaged-9").read_bytes() == text


def test_the_journal_of_another_library_is_put_aside(state: StateFolder, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    there = StateFolder(tmp_path / "there")
    for one, content in ((state, "d" * 32), (there, "e" * 32)):
        one.start().files.hold(content, now=1.0)
        one.end()
    there.journal.rename(state.journal)
    store = state.start()
    assert "another library's" in state.news[0]
    assert store.files.held() == {"d" * 32}


def test_a_journal_that_cannot_be_written_stops_the_move_before_it_happens(state: StateFolder) -> None:
    store = state.start()
    state.journal.unlink()
    with pytest.raises(StateGone, match="deleted or replaced while sorterd was running"):
        planned(store)


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("elsewhere"), os.mkfifo])
def test_what_is_no_plain_file_in_its_place_is_said(state: StateFolder, make: object) -> None:
    make(state.journal)  # type: ignore[operator]
    with pytest.raises(StoreError, match=r"journal\.jsonl cannot be used"):
        state.start()


def test_rows_of_another_version_are_left_out_and_counted(state: StateFolder) -> None:
    state.use()
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
    append(state.journal, Line(10**6, tuple(rows)), sync=False)  # type: ignore[arg-type]
    store = state.start()
    assert state.news[-1] == "rows of the journal that are invalid in this version were left out: 8"
    assert store.files.held() == {NEW.fingerprint, "e" * 32}


def test_a_table_that_had_another_name_in_an_earlier_version_is_restored(state: StateFolder) -> None:
    state.use()
    rejection = {"table": "refusals", "fingerprint": NEW.fingerprint, "category": "birds", "at": 1.0}
    append(state.journal, Line(10**6, (rejection,)), sync=False)
    assert "birds" in state.start().files.rejections()[NEW.fingerprint]


def test_the_journal_of_a_later_version_is_put_aside_whole(state: StateFolder) -> None:
    """After an upgrade and a way back, for which the message says to move the database away."""
    state.use()
    state.lose_database()
    journal_file.replace(state.journal, "a library", len(MIGRATIONS) + 1, 5, [], sync=False)
    later = state.journal.read_bytes()
    state.start(used_before=True)
    assert (state.folder / f"{JOURNAL}.unclear-9").read_bytes() == later


def no_room(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.usefixtures("synced")
def test_what_did_not_reach_the_disk_leaves_the_journal_again(
    state: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.use()
    store = state.start()
    before = state.journal.read_bytes()
    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(StoreError, match="its disk is full, or your quota is used up; free some space"):
        store.files.confirm(OURS.path, now=2.0)
    assert state.journal.read_bytes() == before


def test_a_change_outside_the_journal_is_not_in_the_database(
    state: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.use()
    store = state.start()
    with monkeypatch.context() as patch:
        patch.setattr(journal_file, "append", no_room)
        with pytest.raises(StoreError, match="disk is full"):
            store.files.confirm(OURS.path, now=2.0)
        with pytest.raises(StoreError, match="disk is full"), store.transaction():
            store.files.hold("d" * 32, now=3.0)
    knows_what_the_disk_does_not_tell(store)
    store.files.hold("e" * 32, now=3.0)
    state.lose_database()
    store = state.start()
    assert store.files.known().files[OURS.path] == OURS
    assert store.files.held() == {NEW.fingerprint, "e" * 32}


def test_a_spare_copy_of_an_earlier_version_that_cannot_be_read_is_put_aside(state: StateFolder) -> None:
    (state.folder / SPARE).write_bytes(b"00000000 []\n00000000 []")
    state.start()
    assert (state.folder / f"{SPARE}.damaged-9").exists()
