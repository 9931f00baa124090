"""What only sorterd knows is in the journal: a database that is gone or behind is made from it again."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sorterd.changes import Arrived, CategoryRenamed, Gone, Moved
from sorterd.library.files import FolderId
from sorterd.store.journal_file import JOURNAL
from sorterd.store.settings import TRAINING
from sorterd.store.store import DATABASE, Store
from store.journaled import (
    CATS,
    NEW,
    OURS,
    THEIRS,
    fill,
    knows_what_the_disk_does_not_tell,
    lose_database,
    opened,
    planned,
    used,
)


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


from store.journaled import fill, opened


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
