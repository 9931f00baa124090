"""One look at a real folder: what is taken in, what has to wait, and what is not believed."""

import os
import time
from collections.abc import Callable, Iterator
from hashlib import blake2b
from itertools import count
from pathlib import Path

import pytest
from support.workspace import AGES, Clock, Workspace

from sorterd.changes import Arrived, Moved
from sorterd.library.fingerprint import Stopped
from sorterd.store.backlog import Backlog
from sorterd.sync.synchronizer import READING_SECONDS


@pytest.fixture
def slow_workspace(tmp_path: Path) -> Iterator[Workspace]:
    """With 5 seconds to settle, and stamps that lie ahead of the clock: only what was seen counts."""
    workspace = Workspace(tmp_path / "videos", tmp_path / "state", Clock(time.time() - AGES), settle=5.0)
    yield workspace
    workspace.close()


def after(reads: int, act: Callable[[], object]) -> Callable[[], bool]:
    """To be asked whether to stop while files are read: lets something happen before that read, and never stops."""
    asked = count(1)

    def should_stop() -> bool:
        if next(asked) == reads:
            act()
        return False

    return should_stop


def reasons(workspace: Workspace) -> dict[str, str]:
    return {failure.path: failure.reason for failure in workspace.store.features.failures()}


# --- what is taken in ------------------------------------------------------------------------------------------------


def test_what_lies_there_is_known_after_a_sync(workspace: Workspace) -> None:
    workspace.lay_out(
        {"a.mp4": b"one", "cats": {"b.mp4": b"two", "deep": {"c.mov": b"three"}}, "empty": {}, "x.txt": b""}
    )
    seen = workspace.synchronize()
    assert {type(change) for change in seen.changes} == {Arrived}
    assert workspace.known() == {"a.mp4": None, "cats/b.mp4": "user", "cats/deep/c.mov": "user"}
    assert set(workspace.store.files.categories()) == {"cats", "empty"}
    assert workspace.at("a.mp4").fingerprint == workspace.content("a.mp4")
    assert (seen.again_at, seen.growing, seen.unread_files, seen.doubt) == (None, (), 0, None)


def test_a_second_sync_and_one_after_a_restart_read_nothing_and_change_nothing(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {"b.mp4": b"two"}})
    before = workspace.store.changes()
    seen = workspace.synchronize(should_stop=lambda: pytest.fail("a known file was read"))
    assert (seen.changes, workspace.store.changes()) == ((), before)
    workspace.restart()
    assert workspace.synchronize(should_stop=lambda: pytest.fail("a known file was read")).changes == ()


def test_a_moved_file_is_not_read_again(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {}})
    (workspace.root / "a.mp4").rename(workspace.root / "cats/b.mp4")
    (change,) = workspace.synchronize(should_stop=lambda: pytest.fail("a known file was read")).changes
    assert isinstance(change, Moved)
    assert workspace.known() == {"cats/b.mp4": "user"}


def test_only_what_arrives_while_we_watch_is_waited_for(workspace: Workspace) -> None:
    workspace.lay_out({"a.mp4": b"one"})
    workspace.synchronize(watching=False)
    workspace.lay_out({"b.mp4": b"two"})
    workspace.synchronize(watching=True)
    queue = Backlog(workspace.store.connection, "s").next(now=workspace.clock.now, limit=9)
    assert [(video.path, video.fresh) for video in queue] == [
        ("b.mp4", True),
        ("a.mp4", False),
    ]


def test_new_and_removed_empty_folders_are_told_of(workspace: Workspace) -> None:
    assert not workspace.synchronize().folders_changed
    workspace.lay_out({"cats": {}})
    assert workspace.synchronize().folders_changed
    assert not workspace.synchronize().folders_changed
    (workspace.root / "cats").rmdir()
    assert workspace.synchronize().folders_changed


def test_odd_names_are_known_as_they_are(workspace: Workspace) -> None:
    names = [b"caf\xe9.mp4", b"line\nbreak.mp4", b"-rf.mp4", b"\x1b[31m.mp4", b"n" * 251 + b".mp4", "ß🐈.mp4".encode()]
    workspace.take_in({"cats": {os.fsdecode(name): name for name in names}})
    assert {os.fsencode(path) for path in workspace.known()} == {b"cats/" + name for name in names}


# --- what has to wait ------------------------------------------------------------------------------------------------


def test_a_file_is_taken_once_nothing_happened_to_it_for_a_while(slow_workspace: Workspace) -> None:
    slow_workspace.lay_out({"a.mp4": b"one"})
    seen = slow_workspace.synchronize()
    assert seen.growing == ("a.mp4",)
    assert seen.again_at == pytest.approx(slow_workspace.clock.now + 5.0)
    slow_workspace.clock.advance(4.0)
    assert slow_workspace.synchronize().growing == ("a.mp4",)
    slow_workspace.clock.advance(1.1)
    assert slow_workspace.synchronize().growing == ()
    assert set(slow_workspace.known()) == {"a.mp4"}


def test_a_growing_file_begins_to_wait_anew_each_time(slow_workspace: Workspace) -> None:
    slow_workspace.lay_out({"a.mp4": b"one"})
    for _ in range(5):
        assert slow_workspace.synchronize().growing == ("a.mp4",)
        slow_workspace.clock.advance(4.0)
        with (slow_workspace.root / "a.mp4").open("ab") as file:
            file.write(b"more")
    seen = slow_workspace.synchronize()
    assert seen.growing == ("a.mp4",)
    assert slow_workspace.known() == {}
    assert seen.unsettled(slow_workspace.store, ["a.mp4", "b.mp4"]) == ["a.mp4"]


def test_a_file_that_settled_before_we_came_need_not_wait(tmp_path: Path) -> None:
    settled = Workspace(tmp_path / "old videos", tmp_path / "old state", settle=5.0)
    settled.lay_out({"a.mp4": b"one"})
    assert settled.synchronize().growing == ()
    assert set(settled.known()) == {"a.mp4"}
    settled.close()


def test_a_file_that_somebody_has_open_for_writing_is_not_taken(workspace: Workspace) -> None:
    workspace.lay_out({"a.mp4": b"one"})
    with (workspace.root / "a.mp4").open("ab"):
        seen = workspace.synchronize()
        assert seen.growing == ("a.mp4",)
        assert seen.again_at == workspace.clock.now + 5.0
        assert workspace.known() == {}
    workspace.synchronize()
    assert set(workspace.known()) == {"a.mp4"}


@pytest.mark.parametrize("change", ["written", "gone"])
def test_a_file_that_changes_or_goes_after_the_scan_still_grows(workspace: Workspace, change: str) -> None:
    workspace.lay_out({"a.mp4": b"one"})
    scanned = workspace.synchronizer.scan()
    path = workspace.root / "a.mp4"
    path.unlink() if change == "gone" else path.write_bytes(b"another")
    seen = workspace.synchronizer.record(scanned, watching=True, should_stop=lambda: False)
    assert seen.growing == ("a.mp4",)
    assert workspace.known() == {}
    assert workspace.synchronize().growing == ()


def test_a_known_file_that_is_written_again_keeps_its_label_until_it_is_read(slow_workspace: Workspace) -> None:
    slow_workspace.take_in({"cats": {"a.mp4": b"one"}})
    slow_workspace.clock.advance(6.0)
    slow_workspace.synchronize()
    before = slow_workspace.known()
    (slow_workspace.root / "cats/a.mp4").write_bytes(b"another")
    assert slow_workspace.synchronize().growing == ("cats/a.mp4",)
    assert slow_workspace.known() == before == {"cats/a.mp4": "user"}


def test_a_folder_that_was_renamed_is_the_same_although_its_files_settle_again(slow_workspace: Workspace) -> None:
    slow_workspace.take_in({"a.mp4": b"one", "cats": {}, "dogs": {"d.mp4": b"dog"}})
    slow_workspace.clock.advance(6.0)
    slow_workspace.synchronize()
    slow_workspace.sort("a.mp4")
    slow_workspace.drag("cats", "felines")
    (slow_workspace.root / "felines/a.mp4").touch()  # as a program does that sets times
    for _ in range(2):
        slow_workspace.synchronize()
        slow_workspace.clock.advance(6.0)
    assert slow_workspace.known() == {"felines/a.mp4": "auto", "dogs/d.mp4": "user"}
    assert slow_workspace.store.files.rejections() == {}


def test_a_file_that_changes_while_it_is_read_is_left_for_later(workspace: Workspace) -> None:
    workspace.lay_out({"a.mp4": b"one"})
    grow = after(1, lambda: (workspace.root / "a.mp4").write_bytes(b"one and more"))
    seen = workspace.synchronize(should_stop=grow)
    assert seen.again_at == workspace.clock.now + 5.0
    assert workspace.known() == {}
    workspace.synchronize()
    assert set(workspace.known()) == {"a.mp4"}


def test_a_file_that_vanishes_while_another_is_read_is_not_there(workspace: Workspace) -> None:
    workspace.lay_out({"a.mp4": b"one"})
    os.utime(workspace.root / "a.mp4", ns=(1, 1))
    workspace.lay_out({"b.mp4": b"two"})
    later = (workspace.root / "a.mp4").stat().st_ctime_ns + 1_000_000
    os.utime(workspace.root / "b.mp4", ns=(later, later))  # the newest is read first; stamps may be as coarse as 4 ms
    seen = workspace.synchronize(should_stop=after(1, (workspace.root / "a.mp4").unlink))
    assert set(workspace.known()) == {"b.mp4"}
    assert seen.again_at == workspace.clock.now
    assert reasons(workspace) == {}


def test_a_stop_while_reading_ends_the_sync_with_nothing_recorded(workspace: Workspace) -> None:
    workspace.lay_out({"a.mp4": b"one"})
    with pytest.raises(Stopped):
        workspace.synchronize(should_stop=lambda: True)
    assert workspace.known() == {}


def test_a_large_new_library_is_read_in_several_syncs(tmp_path: Path) -> None:
    ticks = count()
    workspace = Workspace(tmp_path / "videos", tmp_path / "state", timer=lambda: next(ticks) * READING_SECONDS / 7.5)
    workspace.lay_out({f"{number}.mp4": b"%d" % number for number in range(5)})
    names = {f"{number}.mp4" for number in range(5)}
    for left in (3, 1, 0):
        seen = workspace.synchronize(watching=False)
        assert seen.unread_files == left == len(seen.unsettled(workspace.store, names))
    assert workspace.known().keys() == names
    workspace.close()


def test_thousands_of_files_that_cannot_be_read_are_recorded_at_once_and_hold_nothing_up(tmp_path: Path) -> None:
    """Each transaction waits for the disk: a sync got through a few hundred, and the next one tried these again."""
    ticks = count()
    workspace = Workspace(tmp_path / "videos", tmp_path / "state", timer=lambda: next(ticks) * READING_SECONDS / 7.5)
    workspace.lay_out({"a.mp4": b"readable", "b.mp4": b"", "c.mp4": b"", "d.mp4": b"", "e.mp4": b"", "f.mp4": b""})
    for name in "abcdef":  # the readable one was touched first, so it comes last
        os.utime(workspace.root / f"{name}.mp4")
    statements: list[str] = []
    workspace.store.connection.set_trace_callback(statements.append)
    assert workspace.synchronize().unread_files > 0
    recorded = [place for place, statement in enumerate(statements) if "INTO unreadable" in statement]
    assert len(recorded) > 2
    assert "COMMIT" not in statements[recorded[0] : recorded[-1]]
    workspace.clock.advance(60)
    workspace.synchronize()
    assert workspace.known() == {"a.mp4": None}
    workspace.close()


def test_a_file_that_takes_long_to_read_is_read_in_parts(tmp_path: Path) -> None:
    """What the user does meanwhile, and asks for, does not wait for the whole file."""
    workspace = Workspace(tmp_path / "videos", tmp_path / "state")
    workspace.take_in({"cats": {"rex.mp4": b"rex"}})
    ticks = count()
    object.__setattr__(workspace.synchronizer, "timer", lambda: next(ticks) * READING_SECONDS / 4)
    with (workspace.root / "long.mp4").open("wb") as file:
        file.truncate(9 << 20)
    assert workspace.synchronize().unread_files == 1
    workspace.drag("cats/rex.mp4", "rex.mp4")
    assert workspace.synchronize().unread_files == 1
    assert workspace.known() == {"rex.mp4": None}
    while workspace.synchronize().unread_files:
        assert next(ticks) < 60
    assert workspace.at("long.mp4").fingerprint == blake2b(bytes(9 << 20), digest_size=16).hexdigest()
    workspace.close()


def test_a_file_that_changes_between_two_parts_is_read_from_its_beginning(tmp_path: Path) -> None:
    ticks = count()
    workspace = Workspace(tmp_path / "videos", tmp_path / "state", timer=lambda: next(ticks) * READING_SECONDS / 4)
    workspace.lay_out({"long.mp4": bytes(9 << 20)})
    assert workspace.synchronize().unread_files == 1
    with (workspace.root / "long.mp4").open("r+b") as file:
        file.write(b"other")
    while workspace.synchronize().unread_files:
        assert next(ticks) < 60
    assert workspace.at("long.mp4").fingerprint == workspace.content("long.mp4")
    workspace.close()
