"""How often the loop comes round while there is nothing to do for it: hardly ever, whatever waits or makes noise."""

import threading

import pytest
from support.running import LIBRARY, Running

from sorterd.activity import Activity, Decided
from sorterd.backoff import FIRST_DELAY
from sorterd.library.move import MoveFailed
from sorterd.sorting.mover import Mover


@pytest.fixture
def running(running: Running) -> Running:
    """With everything done that there was to do."""
    return running.run()


@pytest.fixture
def failing_to_move(running: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """A move has failed and will be tried again. The user files another video, and the training of that fails."""

    def fails(*_: object, **__: object) -> None:
        raise MoveFailed("no space left on device", transient=True)

    monkeypatch.setattr(Mover, "sort", fails)
    running.take_in({"new.mp4": b"cat 3"})
    assert running.loop.sorter.failed.reasons
    running.worker.failing["train"] = "out of memory"
    running.take_in({"dogs": {"d3.mp4": b"dog 3"}})
    return running


def test_a_due_move_that_waits_for_a_lesson_is_no_reason_to_come_round(failing_to_move: Running) -> None:
    running = failing_to_move
    running.workspace.clock.advance(FIRST_DELAY + 1)
    running.run()  # the training is tried once more, and fails again
    assert running.loop._turn() > 1.0


def test_a_move_that_waits_for_a_lesson_follows_it(failing_to_move: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    running = failing_to_move
    running.worker.failing.clear()
    monkeypatch.undo()
    running.workspace.clock.advance(FIRST_DELAY + 1)
    running.run()
    assert running.on_disk["cats"] == {**LIBRARY["cats"], "new.mp4": b"cat 3"}


def test_moves_that_are_left_wait_for_a_lesson_without_coming_round(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among many moves the user files a video, and the training of that fails."""
    monkeypatch.setattr("sorterd.daemon.loop.MOVING_SECONDS", 0.0)
    for seconds in ("SYNC_GAP", "PROCESSOR_SHARE", "LOOP_SHARE"):
        monkeypatch.setattr(f"sorterd.daemon.library_sync.{seconds}", 0.0)

    drags = ["cats/c2.mp4"]

    def drag_after_the_first(activity: Activity) -> None:
        if isinstance(activity, Decided) and drags:
            running.worker.failing["train"] = "out of memory"
            running.workspace.drag(drags.pop(), "dogs/c2.mp4")
            running.loop.hint()

    running.loop.sorter.report = drag_after_the_first
    running.worker.most = 100
    running.worker.hands = 100
    running.take_in({f"n{number}.mp4": b"cat %d" % number for number in range(10, 15)})
    assert running.loop._turn() > 1.0
    assert sum(path.startswith("cats/n") for path in running.workspace.known()) == 1
    running.worker.failing.clear()
    running.workspace.clock.advance(FIRST_DELAY + 1)
    running.run()
    assert sum(path.startswith("cats/n") for path in running.workspace.known()) == 5


def test_a_download_is_no_reason_to_come_round_hundreds_of_times_a_second(running: Running) -> None:
    turns, loop = 0, running.loop

    def count() -> None:
        nonlocal turns
        turns += 1

    def download() -> None:
        for _ in range(200):
            loop.hint()
            threading.Event().wait(0.003)
        loop.stop()

    loop.each_turn(count)
    downloading = threading.Thread(target=download)
    downloading.start()
    loop.run()
    downloading.join()
    assert turns < 20  # a sync every 0.3 s
