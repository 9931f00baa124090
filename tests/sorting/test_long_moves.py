"""Moves that take long: films that are copied to another disk, and thousands of videos at once."""

import errno
import os
from collections.abc import Callable

import pytest
from support.faults import as_if_other_disk
from support.running import Running, Words
from support.workspace import Workspace

from sorterd.activity import Activity, Decided
from sorterd.library.junk import is_own_part
from sorterd.library.move import MoveFailed
from sorting.test_mover import with_video

MEBIBYTE = 1 << 20
WATCHDOG_SECONDS = 180.0


@pytest.fixture
def running(running: Running) -> Running:
    """With a model of cats and dogs."""
    return running.run()


def at_each_mebibyte(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """The other disk is so slow that something can happen with each piece that is written to it."""
    as_if_other_disk(monkeypatch.setattr)
    write = os.write

    def slow(descriptor: int, piece: bytes) -> int:
        if len(piece) == MEBIBYTE:
            act()
        return write(descriptor, piece)

    monkeypatch.setattr(os, "write", slow)


def test_the_watchdog_hears_of_us_while_a_film_is_copied(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    now, heard, silent = 0.0, 0.0, [0.0]

    def pass_time() -> None:
        nonlocal now
        now += 60.0
        silent.append(now - heard)

    def ping() -> None:
        nonlocal heard
        heard = now

    at_each_mebibyte(monkeypatch, pass_time)
    running.loop.each_beat(ping)
    running.take_in({"new.mp4": b"cat 3" + bytes(5 * MEBIBYTE)})
    assert (running.workspace.root / "cats/new.mp4").exists()
    assert now >= 300.0
    assert max(silent) < WATCHDOG_SECONDS


def test_a_copy_stops_with_the_service_and_is_made_after_it(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def stop() -> None:
        written.append(MEBIBYTE)
        running.loop.stop()

    running.workspace.lay_out({"new.mp4": b"cat 3" + bytes(5 * MEBIBYTE), "newer.mp4": b"cat 4" + bytes(5 * MEBIBYTE)})
    before = running.on_disk
    with monkeypatch.context() as patch:
        at_each_mebibyte(patch, stop)
        running.run()
        assert len(written) <= 2
        assert running.on_disk == before
    running.restart().run()
    assert {"cats/new.mp4", "cats/newer.mp4"} <= running.workspace.known().keys()


def test_of_many_moves_the_rest_waits_when_the_service_stops(running: Running) -> None:
    def stop_after_three(activity: Activity) -> None:
        running.told.append(activity)
        if sum(one.moved_to is not None for one in running.heard(Decided)) == 3:
            running.loop.stop()

    running.loop.sorter.report = stop_after_three
    running.worker.hands = 100
    running.take_in({f"n{number}.mp4": b"cat %d" % number for number in range(30)})
    assert sum(path.startswith("cats/n") for path in running.workspace.known()) == 3


def test_between_many_slow_moves_the_user_is_heard(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def pause() -> None:
        running.request(do="pause")

    def pause_after_three(activity: Activity) -> None:
        running.told.append(activity)
        if isinstance(activity, Decided) and len(running.heard(Decided)) == 3:
            running.loop.call(pause)

    running.loop.sorter.report = pause_after_three
    running.worker.hands = 100
    monkeypatch.setattr("sorterd.daemon.loop.MOVING_SECONDS", 0.0)
    running.take_in({f"n{number}.mp4": b"cat %d" % number for number in range(10, 19)})
    assert sum(path.startswith("cats/n") for path in running.workspace.known()) == 3
    running.request(do="resume")
    running.run()
    assert sum(path.startswith("cats/n") for path in running.workspace.known()) == 9


def test_a_half_copy_on_a_drive_that_dropped_out_is_cleared_away_at_the_next_start(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_video(workspace)
    with monkeypatch.context() as patch:
        as_if_other_disk(patch.setattr)
        write, unlink = os.write, os.unlink
        dropped_out = False

        def gone() -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        def written(descriptor: int, piece: bytes) -> int:
            nonlocal dropped_out
            if bytes(piece) == b"one":
                dropped_out = True
                gone()
            return write(descriptor, piece)

        def unlinked(name: str, *, dir_fd: int | None = None) -> None:
            if dropped_out and is_own_part(name):
                gone()
            unlink(name, dir_fd=dir_fd)

        patch.setattr(os, "write", written)
        patch.setattr(os, "unlink", unlinked)
        with pytest.raises(MoveFailed, match="reading or writing failed"):
            workspace.sort("a.mp4")
    workspace.lay_out({"dogs": {}})
    workspace.drag("a.mp4", "dogs/a.mp4")  # so that it is not copied there again, over what was left
    assert any(is_own_part(path.name) for path in (workspace.root / "cats").iterdir())
    Running(workspace, Words(workspace.clock)).run()
    assert workspace.on_disk() == {"a.jpg": b"picture", "cats": {}, "dogs": {"a.mp4": b"one"}}
