"""What downloaders, browsers and file managers do to a file before it is finished, with a clock that the test turns.

Nothing is taken before it has been left alone for the settle time; no name, size or close says otherwise.
"""

import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.workspace import AGES, Clock, Workspace

SETTLE = 10.0
STEP = 4.0  # less than that
HOURS = 2 * 3600.0


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """The files' own stamps lie ahead of its clock, so that only what is seen counts."""
    workspace = Workspace(tmp_path / "videos", tmp_path / "state", Clock(time.time() - AGES - HOURS), settle=SETTLE)
    yield workspace
    workspace.close()


def add(path: Path, content: bytes) -> None:
    """Open, write, close: as a downloader that keeps no file open."""
    with path.open("ab") as file:
        file.write(content)


def waits(workspace: Workspace, seconds: float = STEP) -> bool:
    """Whether after some time there is still nothing that is taken for a video."""
    workspace.clock.advance(seconds)
    workspace.synchronize()
    return workspace.known() == {}


def test_a_download_that_stops_for_less_than_the_settle_time_is_left_alone_for_hours(workspace: Workspace) -> None:
    """It closes the file each time: closed is not finished."""
    for _ in range(int(HOURS / 2 / STEP)):
        add(workspace.root / "a.mp4", b"more")
        assert waits(workspace)
        assert waits(workspace)
    assert not waits(workspace, SETTLE)


def test_a_download_that_goes_on_after_it_was_taken_is_another_video_with_nothing_lost(workspace: Workspace) -> None:
    """Nobody can know that it was not finished; then it is moved or read as it is, and read again when it is whole."""
    add(workspace.root / "a.mp4", b"half")
    assert waits(workspace)
    assert not waits(workspace, SETTLE)
    half = workspace.at("a.mp4").fingerprint
    add(workspace.root / "a.mp4", b" and half")
    workspace.synchronize()
    assert workspace.at("a.mp4").fingerprint == half
    workspace.clock.advance(SETTLE)
    workspace.synchronize()
    assert workspace.at("a.mp4").fingerprint == workspace.content("a.mp4") != half


def test_a_file_of_its_full_size_from_the_start_is_left_alone_while_it_is_filled(workspace: Workspace) -> None:
    with (workspace.root / "a.mp4").open("wb") as file:
        file.truncate(100)
    for number in range(5):
        with (workspace.root / "a.mp4").open("r+b") as file:
            file.seek(10 * number)
            file.write(b"0123456789")
        assert waits(workspace)
        assert waits(workspace)
    assert not waits(workspace, SETTLE)


@pytest.mark.parametrize("ending", [".part", ".crdownload", ".tmp", ".download"])
def test_a_download_that_gets_its_name_at_the_end_settles_from_then_on(workspace: Workspace, ending: str) -> None:
    unfinished = workspace.root / f"a.mp4{ending}"
    for _ in range(5):
        add(unfinished, b"more")
        assert waits(workspace)
    assert waits(workspace, 10 * SETTLE), "never, under that name"
    unfinished.rename(workspace.root / "a.mp4")
    workspace.synchronize()
    assert waits(workspace)
    assert not waits(workspace, SETTLE)


def test_a_name_in_another_spelling_of_unicode_is_the_same_video_in_the_same_category(workspace: Workspace) -> None:
    """As a library looks that was on a Mac: file systems there spell names as they like."""
    composed = {"Über": {"Straße.mp4": b"one", "Ä.mp4": b"two"}, "É.mp4": b"three"}
    workspace.take_in(composed)
    workspace.clock.advance(SETTLE)
    workspace.synchronize()
    before = {file.fingerprint: file.source for file in workspace.store.files.known().files.values()}
    for path in ("Über/Straße.mp4", "Über/Ä.mp4", "É.mp4", "Über"):
        (workspace.root / path).rename((workspace.root / path).with_name(unicodedata.normalize("NFD", Path(path).name)))
    workspace.synchronize(should_stop=lambda: pytest.fail("a known file was read"))
    assert set(workspace.known()) == {
        unicodedata.normalize("NFD", path) for path in ("Über/Straße.mp4", "Über/Ä.mp4", "É.mp4")
    }
    assert {file.fingerprint: file.source for file in workspace.store.files.known().files.values()} == before
    assert workspace.store.files.rejections() == {}
