"""A library that an earlier version has sorted, opened by this one."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.running import Running, Words
from support.tree import Tree
from support.workspace import Clock, Workspace

from sorterd.activity import Note
from sorterd.sorting.moving_pause import NOTICE_SECONDS
from sorterd.store.journal_file import JOURNAL, SPARE
from sorterd.store.settings import MODELS
from sorterd.store.store import DATABASE

FILES = {
    "cats": {"c1.mp4": b"cat 1", "c2.mp4": b"cat 2", "moved.mp4": b"cat 3"},
    "dogs": {"d1.mp4": b"dog 1", "d2.mp4": b"dog 2"},
    "odd.mp4": b"lion 1",
    "waits.mp4": b"dog 3",  # the earlier version was not sure of it
}
STAMP = 1_763_000_000
A_WEEK_LATER = 1_764_604_800.0


def opened_a_week_later(folder: Path, dump: str, files: Tree, *, captions: bool = False) -> Workspace:
    """Open the database that a version had left behind, beside these files."""
    state = folder / "state"
    state.mkdir()
    with closing(sqlite3.connect(state / DATABASE)) as database:
        database.executescript((Path(__file__).parent / dump).read_text())
    workspace = Workspace(folder / "videos", state, Clock(A_WEEK_LATER), captions=captions)
    workspace.lay_out(files)
    for file in workspace.root.rglob("*.*"):
        os.utime(file, (STAMP, STAMP))
    return workspace


@pytest.fixture
def older(tmp_path: Path) -> Running:
    """The library of 0.1.0 with its files, a week later."""
    workspace = opened_a_week_later(tmp_path, "library_0_1_0.sql", FILES)
    return Running(workspace, Words(workspace.clock))


def test_labels_and_moves_are_as_they_were_and_nothing_is_extracted_again(older: Running) -> None:
    older.run()
    sources = {path: source for path, source in older.workspace.known().items() if source is not None}
    assert sources == {
        "cats/c1.mp4": "user",
        "cats/c2.mp4": "user",
        "cats/moved.mp4": "auto",
        "dogs/d1.mp4": "user",
        "dogs/d2.mp4": "user",
    }
    assert older.worker.extracted == []
    assert older.request(do="undo")["undone"]
    assert "moved.mp4" in older.on_disk


@pytest.mark.parametrize("lost", [False, True], ids=["with its database", "from its spare copy alone"])
def test_the_spare_copy_that_it_kept_becomes_the_journal(older: Running, lost: bool) -> None:
    workspace = older.workspace
    workspace.close()
    (workspace.state / JOURNAL).unlink()
    (workspace.state / SPARE).write_bytes((Path(__file__).parent / "library_0_1_0.spare").read_bytes())
    if lost:
        for file in workspace.state.glob(f"{DATABASE}*"):
            file.unlink()
    workspace.open()
    assert not (workspace.state / SPARE).exists()
    assert workspace.known()["cats/moved.mp4"] == "auto"
    assert [*workspace.store.files.rejections().values()] == [{"dogs"}]
    assert workspace.store.files.held() == frozenset()
    assert workspace.store.notes.get(MODELS) == "embedded"
    (move,) = workspace.store.journal.latest(9)
    assert (move.source, move.destination, move.reason) == ("moved.mp4", "cats/moved.mp4", "like the videos in cats")
    before = (workspace.state / JOURNAL).read_bytes()
    workspace.restart()
    assert (workspace.state / JOURNAL).read_bytes() == before
    restarted = Running(workspace, Words(workspace.clock))
    restarted.run()
    assert restarted.request(do="undo", id=1)["undone"]
    assert "moved.mp4" in restarted.on_disk


def test_what_it_decides_differently_is_said_a_day_before_it_is_done(older: Running) -> None:
    older.run()
    assert "waits.mp4" in older.on_disk
    assert [note.text[:49] for note in older.heard(Note) if "new version" in note.text] == [
        "the new version would file 1 of 2 waiting videos:"
    ]
    older.workspace.clock.advance(NOTICE_SECONDS + 1)
    older.run()
    assert "waits.mp4" not in older.on_disk
    assert "waits.mp4" in older.on_disk["dogs"]  # type: ignore[operator]
    assert "odd.mp4" in older.on_disk


def test_it_gets_captions_and_keeps_its_pictures_and_speech(older: Running) -> None:
    older.workspace.captions = True
    older.workspace.restart()
    (older.workspace.root / "cats/c1.txt").write_text("cat on a mat")
    older.start()
    older.run()
    assert older.workspace.store.captions.count() == 1
    assert older.worker.captions.count("cat on a mat") == 1
    assert older.worker.extracted == []
    older.workspace.captions = False
    older.restart()
    older.run()
    assert older.workspace.store.captions.count() == 0
    assert older.worker.extracted == []
