"""What only sorterd knows is in the journal: a database that is gone or behind is made from it again."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from sorterd.changes import Arrived, CategoryRenamed, Gone, Moved
from sorterd.library.files import FolderId
from sorterd.store.settings import LEARNED_NOTHING
from sorterd.store.store import DATABASE, Store
from store.journaled import CATS, NEW, OURS, THEIRS, StateFolder, fill, knows_what_the_disk_does_not_tell, planned


def empty_database(state: StateFolder) -> None:
    os.truncate(state.database, 0)


def lose_and_ask(state: StateFolder) -> None:
    state.lose_database()
    Store.open(state.folder).close()  # as `sorterd status` does it: a new, empty database


@pytest.mark.parametrize("lose", [StateFolder.lose_database, empty_database, lose_and_ask])
def test_a_database_that_is_gone_is_made_from_the_journal(
    state: StateFolder, lose: Callable[[StateFolder], None]
) -> None:
    state.use()
    lose(state)
    store = state.start(used_before=True)
    knows_what_the_disk_does_not_tell(store)
    assert "; ".join(state.news) == (
        "the database was gone, damaged or behind; from the journal come "
        "videos: 3, moves: 1, rejections: 1, undone videos: 1"
    )
    assert planned(store) == 2, "numbers go on where they were"
    store = state.start()
    assert state.news == ()
    assert len(store.journal.latest(9)) == 2


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from store.journaled import StateFolder, fill
state = StateFolder(Path(sys.argv[1]))
fill(state.start())
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_went_with_the_write_ahead_log_after_a_kill_is_in_the_journal(state: StateFolder) -> None:
    state.start()
    state.end()
    subprocess.run([sys.executable, "-c", KILLED, str(state.folder), *filter(None, sys.path)], check=False)
    log = state.folder / f"{DATABASE}-wal"
    assert log.stat().st_size > 0
    log.unlink()
    knows_what_the_disk_does_not_tell(state.start())
    assert "from the journal come" in state.news[0]


def test_what_only_the_journal_has_got_counts_as_after_a_kill_between_the_two(state: StateFolder) -> None:
    state.use()
    before = state.database.read_bytes()
    store = state.start()
    filed = replace(NEW, path="cats/new.mp4", source="auto")
    store.files.apply([Moved(NEW, filed)], CATS, now=2.0, watching=True)
    store.files.confirm(OURS.path, now=2.0)
    state.lose_database()
    state.database.write_bytes(before)
    known = state.start().files.known().files
    assert "from the journal come videos: 3, undone videos: 1" in state.news[0]
    assert set(known) == {OURS.path, THEIRS.path, "cats/new.mp4"}, "it is not in the inbox as well"
    assert known["cats/new.mp4"] == filed
    assert known[OURS.path].source == "confirmed"


def test_what_changed_since_is_in_the_journal_as_well(state: StateFolder) -> None:
    store = state.start()
    fill(store)
    store.files.apply([CategoryRenamed("cats", "felines")], {"felines": FolderId(1, 2)}, now=2.0, watching=True)
    store.files.confirm("felines/caf\udce9.mp4", now=2.0)
    store.journal.set_undone(1)
    store.connection.execute("DELETE FROM holds")
    state.lose_database()
    store = state.start()
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


def test_what_was_ours_and_is_gone_is_in_the_journal(state: StateFolder) -> None:
    state.use()
    state.start().files.apply([Gone(OURS)], CATS, now=2.0, watching=True)
    state.lose_database()
    store = state.start()
    store.files.apply([Arrived(replace(OURS, source="user"))], CATS, now=3.0, watching=True)
    assert store.files.at(OURS.path) == OURS


def test_what_was_rolled_back_is_not_in_the_journal(state: StateFolder) -> None:
    store = state.start()
    before = state.journal.read_bytes()

    def fail() -> None:
        with store.transaction():
            store.files.hold("d" * 32, now=1.0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    store.notes.put(LEARNED_NOTHING, "something else")
    assert state.journal.read_bytes() == before
