"""Messages to the loop from other threads."""

import threading
from collections.abc import Callable, Iterator

import pytest
from support.running import Running

from sorterd.activity import Decided, TrainingEnded
from sorterd.daemon.loop import Loop

Live = tuple[Running, Callable[[type], object]]


@pytest.fixture
def live(running: Running) -> Iterator[Live]:
    """The loop in a thread of its own; and a way to wait until it tells of something of a kind."""
    arrived = threading.Condition()
    report = running.told.append

    def told(activity: object) -> None:
        with arrived:
            report(activity)  # type: ignore[arg-type]
            arrived.notify_all()

    def listen() -> None:
        loop = running.loop
        loop.report = loop.sync.library.report = loop.pipeline.report = loop.sorter.report = told

    listen()

    def wait_for(kind: type) -> object:
        with arrived:
            assert arrived.wait_for(lambda: running.heard(kind), timeout=20)
            return running.heard(kind)[-1]

    ready, errors = threading.Event(), []

    def run() -> None:
        # SQLite wants the thread that opened it
        running.workspace.open()
        running.start()
        listen()
        ready.set()
        try:
            running.loop.run()
        except BaseException as error:  # noqa: BLE001  # handed to the test
            errors.append(error)
        running.workspace.close()

    running.workspace.close()
    thread = threading.Thread(target=run)
    thread.start()
    ready.wait()
    yield running, wait_for
    running.loop.stop()
    thread.join(timeout=20)
    assert not thread.is_alive()
    running.workspace.open()
    assert errors == []


@pytest.mark.parametrize(
    "ask",
    [Loop.hint, lambda loop: loop.call(lambda: loop.sync.at_least_every(0.1))],
    ids=["a hint", "a shorter interval"],  # else a folder without events would wait as long as others
)
def test_what_another_thread_asks_for_leads_to_a_sync(live: Live, ask: Callable[[Loop], object]) -> None:
    running, wait_for = live
    wait_for(TrainingEnded)
    running.workspace.lay_out({"new.mp4": b"cat 3"})
    ask(running.loop)
    decided = wait_for(Decided)
    assert isinstance(decided, Decided)
    assert decided.moved_to == "cats/new.mp4"


def test_what_another_thread_asks_for_is_done_on_the_loops_own(live: Live) -> None:
    running, wait_for = live
    wait_for(TrainingEnded)
    answered = threading.Event()
    answers: list[object] = []

    def ask() -> None:
        answers.append((threading.current_thread().name, running.workspace.store.journal.counts()["total"]))
        answered.set()

    running.loop.call(ask)
    assert answered.wait(timeout=20)
    assert answers[0] != threading.current_thread().name
