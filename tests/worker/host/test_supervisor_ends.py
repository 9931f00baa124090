"""Workers that die, hang, are idle or are stopped."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sorterd.features.settings import extracted_modalities
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.report_messages import Described, JobDone, Started
from worker.host.daemon import Daemon, done


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize(
    ("trick", "reason"),
    [
        ("exit", "ended with exit code 3"),
        ("raise", r"ended with exit code 1: ValueError: no such codec: \x1b[31mred"),
        ("segv", "crashed (SIGSEGV)"),
        ("abort", "crashed (SIGABRT): terminate called: std::bad_alloc"),
        ("oom", "was killed, probably out of memory"),
        ("garbage", "sent an invalid message: a frame of 1,718,772,077 bytes; the limit is 67,108,864"),
        ("half", "ended with exit code 0"),
        ("stranger", "sent an invalid message: Extracted of a video that was not in flight"),
        ("ready", "sent an invalid message: Ready was not asked for"),
        ("grandchild", "crashed (SIGSEGV)"),
        ("noisy grandchild", "crashed (SIGSEGV)"),
    ],
)
def test_a_death_costs_the_video_in_flight_and_nothing_else(daemons: list[Daemon], trick: str, reason: str) -> None:
    daemons.append(daemon := Daemon(item_timeout=2.0, patience=0.5))
    reports = daemon.extract(a="fine", b=trick, c="fine")
    assert reports[:3] == [Started(1, "a"), done("a"), Started(1, "b")]
    assert isinstance(reports[-1], WorkerLost)
    assert (reports[-1].job, reports[-1].in_flight) == (1, ("b",))
    if trick == "grandchild":  # holds the pipes open, so that only silence tells
        assert reports[-1].reason.startswith("gave no sign of life")
    else:
        assert reports[-1].reason == reason
    assert (daemon.worker.state, daemon.worker.pid, daemon.worker.restarts) == ("stopped", None, 1)

    assert daemon.extract(c="fine")[-1] == JobDone(2)
    assert daemon.worker.restarts == 1


def test_a_service_manager_that_stops_the_whole_group_is_no_videos_fault(daemon: Daemon) -> None:
    lost = daemon.extract(a="term")[-1]
    assert lost == WorkerLost(1, (), "was told to end by somebody else")
    assert isinstance(lost, WorkerLost)
    assert not lost.by_itself


def test_all_videos_in_flight_are_named_in_order(daemon: Daemon) -> None:
    reports = daemon.extract(a="fine", b="hold", c="segv", d="hold")
    assert reports[-1] == WorkerLost(1, ("b", "d", "c"), "crashed (SIGSEGV)")


def test_a_child_that_closes_its_pipe_is_ended(daemons: list[Daemon]) -> None:
    daemons.append(daemon := Daemon(patience=0.3))
    assert daemon.extract(a="mute")[-1] == WorkerLost(1, ("a",), "closed its pipe but did not end")


@pytest.mark.parametrize("trick", ["hang", "deaf", "babble", "drip"])
def test_a_hang_is_cut(daemons: list[Daemon], trick: str) -> None:
    daemons.append(daemon := Daemon(item_timeout=0.5))
    daemon.submit(a=trick)
    daemon.wait_for(Started(1, "a"))
    pid = daemon.pid()
    assert daemon.rest() == [WorkerLost(1, ("a",), "gave no sign of life for 0.5 s")]
    assert is_gone(pid)


def test_a_batch_that_makes_progress_is_not_taken_for_a_hang(daemons: list[Daemon]) -> None:
    daemons.append(daemon := Daemon(item_timeout=0.7))
    began = time.monotonic()
    reports = daemon.extract(waits="hold", **{f"t{n}": "tick" for n in range(4)})
    assert time.monotonic() - began > 0.7
    assert reports[-1] == JobDone(1)


def test_a_worker_that_never_starts_is_given_up(daemons: list[Daemon]) -> None:
    daemons.append(daemon := Daemon("hang", start_timeout=0.5))
    assert daemon.describe() == [WorkerLost(1, (), "gave no sign of life for 0.5 s")]


def test_a_command_that_does_not_exist_is_reported(daemons: list[Daemon]) -> None:
    daemons.append(daemon := Daemon(command=("/nowhere/python",)))
    (lost,) = daemon.describe()
    assert isinstance(lost, WorkerLost)
    assert lost.reason.startswith("could not be started: ")
    assert daemon.describe()[-1].job == 2


def test_an_idle_child_is_ended_and_the_next_job_gets_a_new_one(daemons: list[Daemon]) -> None:
    daemons.append(daemon := Daemon(idle_unload=0.2))
    daemon.describe()
    pid = daemon.pid()
    wait_until(lambda: daemon.worker.state == "stopped")
    assert is_gone(pid)
    spent = time.process_time()
    time.sleep(0.3)
    assert time.process_time() - spent < 0.1, "nor does its thread do anything"
    assert daemon.describe()[-1] == Described(2, "space", extracted_modalities(2, 2), "embedded", "cpu")
    assert daemon.worker.restarts == 0


def test_a_child_that_is_to_be_unloaded_ends_after_its_job(daemon: Daemon) -> None:
    daemon.react = lambda report: daemon.worker.unload() if isinstance(report, Started) else None
    assert daemon.extract(a="fine")[-1] == JobDone(1)
    wait_until(lambda: daemon.worker.state == "stopped")
    daemon.react = lambda _: None
    assert daemon.describe()[-1] == Described(2, "space", extracted_modalities(2, 2), "embedded", "cpu")
    pid = daemon.pid()
    assert daemon.describe()[-1] == Described(3, "space", extracted_modalities(2, 2), "embedded", "cpu")
    assert daemon.pid() == pid, "only once"
    assert daemon.worker.restarts == 0


def test_a_child_that_dies_without_a_job_loses_nothing(daemons: list[Daemon]) -> None:
    daemons.append(daemon := Daemon("die idle"))
    daemon.describe()
    wait_until(lambda: daemon.worker.state == "stopped")
    assert daemon.worker.restarts == 1
    assert daemon.reports.empty()
    assert isinstance(daemon.describe()[-1], Described)


@pytest.mark.parametrize("trick", ["tick", "hang", "deaf"])
def test_stop_ends_the_child_whatever_it_does(daemons: list[Daemon], trick: str) -> None:
    daemons.append(daemon := Daemon(patience=0.3))
    daemon.submit(a=trick)
    daemon.wait_for(Started(1, "a"))
    pid = daemon.pid()
    daemon.worker.stop()
    assert is_gone(pid)
    assert (daemon.worker.state, daemon.worker.restarts) == ("stopped", 0)
    assert not any(thread.name == "worker" for thread in threading.enumerate())
    assert daemon.describe()[-1] == Described(2, "space", extracted_modalities(2, 2), "embedded", "cpu")


def test_neither_descriptors_nor_threads_are_left_over(daemons: list[Daemon]) -> None:
    daemons.append(daemon := Daemon())
    daemon.extract(a="segv")
    daemon.worker.stop()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(5):
        daemon.extract(a="segv")
        daemon.describe()
    daemon.worker.stop()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for a state that no report announces."""
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def test_a_job_submitted_right_after_unload_gets_a_child_of_its_own(daemon: Daemon) -> None:
    daemon.describe()
    for _ in range(10):
        before = daemon.pid()
        daemon.worker.unload()
        daemon.describe()
        assert daemon.pid() != before
    assert daemon.worker.restarts == 0
