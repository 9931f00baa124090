"""The supervisor survives whatever its child does, and says which video caused it. Real processes, no models."""

from __future__ import annotations

import errno
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sorterd.features.settings import FeatureSettings, extracted_modalities
from sorterd.worker.host.lost import WorkerBusy, WorkerLost
from sorterd.worker.host.stderr import LINES_PER_JOB
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.messages import (
    Describe,
    Described,
    Extract,
    Extracted,
    ExtractFailed,
    Item,
    JobDone,
    JobFailed,
    Pictures,
    Report,
    Setup,
    Started,
)
from sorterd.worker.wire import WireError

SCRIPTED = (sys.executable, str(Path(__file__).parents[2] / "support" / "scripted.py"))
ENDS = (Described, JobDone, JobFailed, WorkerLost)


class Daemon:
    """Does what the daemon does with a worker: puts reports into a queue and waits for the last one of a job."""

    def __init__(self, *boot: str, **options: Any) -> None:
        self.reports: queue.Queue[Report | WorkerLost] = queue.Queue()
        self.lines: list[str] = []
        limits: dict[str, Any] = {"item_timeout": 20.0, "start_timeout": 20.0, "idle_unload": 60.0}
        limits |= {"command": (*SCRIPTED, *boot), "log": self.lines.append}
        self.worker = Worker(
            lambda: Setup(FeatureSettings(), b"/nowhere"),
            report=self.take,
            **(limits | options),
        )
        self.last_job = 0
        self.react: Callable[[Report | WorkerLost], None] = lambda _: None

    def take(self, report: Report | WorkerLost) -> None:
        self.reports.put(report)
        self.react(report)

    def describe(self) -> list[Report | WorkerLost]:
        self.last_job += 1
        self.worker.submit(Describe(self.last_job))
        return self.rest()

    def submit(self, **paths: str) -> None:
        self.last_job += 1
        self.worker.submit(Extract(self.last_job, tuple(Item(f, p.encode()) for f, p in paths.items())))

    def extract(self, **paths: str) -> list[Report | WorkerLost]:
        self.submit(**paths)
        return self.rest()

    def rest(self) -> list[Report | WorkerLost]:
        """Return all reports up to the last one of the job."""
        reports = [self.reports.get(timeout=15)]
        while not isinstance(reports[-1], ENDS):
            reports.append(self.reports.get(timeout=15))
        return reports

    def wait_for(self, report: Report) -> None:
        while self.reports.get(timeout=15) != report:
            pass

    def pid(self) -> int:
        assert self.worker.pid is not None
        return self.worker.pid


@pytest.fixture
def daemons() -> Iterator[list[Daemon]]:
    made: list[Daemon] = []
    yield made
    for daemon in made:
        daemon.worker.stop()


@pytest.fixture
def daemon(daemons: list[Daemon]) -> Daemon:
    daemons.append(Daemon())
    return daemons[0]


def done(name: str, job: int = 1) -> Extracted:
    return Extracted(job, name, bytes(16), "hi", "en", "speech")


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_nothing_is_started_before_the_first_job(daemon: Daemon) -> None:
    assert (daemon.worker.state, daemon.worker.pid, daemon.worker.restarts) == ("stopped", None, 0)
    daemon.worker.stop()


def test_reports_come_in_order_and_the_worker_is_free_when_the_last_one_comes(daemon: Daemon) -> None:
    assert daemon.extract(a="fine", b="bad") == [
        Started(1, "a"),
        done("a"),
        Started(1, "b"),
        ExtractFailed(1, "b", "bad", True),
        JobDone(1),
    ]
    assert daemon.worker.state == "idle"
    pid = daemon.pid()
    assert daemon.describe() == [Described(2, "space", extracted_modalities(2, 2), "embedded", "cpu")]
    assert daemon.pid() == pid
    assert daemon.worker.restarts == 0


def test_a_job_that_fails_leaves_the_worker_alive(daemon: Daemon) -> None:
    assert daemon.extract() == [JobFailed(1, "nothing to do")]
    assert daemon.worker.state == "idle"


def test_a_second_job_at_once_is_refused(daemon: Daemon) -> None:
    daemon.submit(a="tick")
    with pytest.raises(WorkerBusy):
        daemon.submit(b="fine")
    daemon.rest()


def test_the_next_job_may_be_submitted_when_the_last_report_comes(daemon: Daemon) -> None:
    daemon.react = lambda report: daemon.worker.submit(Describe(2)) if report.job == 1 else None
    assert daemon.extract() == [JobFailed(1, "nothing to do")]
    assert daemon.rest() == [Described(2, "space", extracted_modalities(2, 2), "embedded", "cpu")]


def test_a_video_named_twice_is_refused(daemon: Daemon) -> None:
    with pytest.raises(WireError, match="twice"):
        daemon.worker.submit(Extract(1, (Item("a", b"1"), Item("a", b"2"))))


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


def test_a_flood_on_stderr_neither_blocks_the_child_nor_fills_the_log(daemon: Daemon) -> None:
    assert daemon.extract(a="flood")[-1] == JobDone(1)
    daemon.worker.stop()
    said = [line for line in daemon.lines if "[h264]" in line]
    assert len(said) <= 2 * LINES_PER_JOB
    assert any("more lines left out" in line for line in daemon.lines)


def test_a_log_that_cannot_be_written_for_a_while_costs_the_job_and_no_more(daemons: list[Daemon]) -> None:
    """The disk of launchd's StandardErrorPath is full. A job without an end would block all others."""
    disk_is_full = True

    def log(_: str) -> None:
        if disk_is_full:
            raise OSError(errno.ENOSPC, "No space left on device")

    daemons.append(daemon := Daemon(log=log, patience=0.3))
    lost = daemon.extract(a="flood")[-1]
    assert isinstance(lost, WorkerLost)
    assert (lost.in_flight, "No space left" in lost.reason) == ((), True)
    disk_is_full = False
    assert daemon.extract(b="fine")[-1] == JobDone(2)


def test_frames_larger_than_a_pipe_pass_both_ways(daemon: Daemon) -> None:
    paths = {f"{n:06}": "x" * 2000 for n in range(1500)}
    assert daemon.extract(big="large", **paths)[-1] == JobDone(1)


def test_an_idle_child_is_ended_and_the_next_job_gets_a_new_one(daemons: list[Daemon]) -> None:
    daemons.append(daemon := Daemon(idle_unload=0.2))
    daemon.describe()
    pid = daemon.pid()
    wait_until(lambda: daemon.worker.state == "stopped")
    assert is_gone(pid)
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


def test_the_supervisor_imports_nothing_heavy() -> None:
    heavy = {"torch", "numpy", "av", "sklearn", "open_clip", "faster_whisper", "decord", "rich"}
    code = f"import sys, sorterd.worker.host.supervisor; print({heavy} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


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


def test_it_knows_whether_the_child_may_have_loaded_models(daemon: Daemon) -> None:
    assert not daemon.worker.has_models
    daemon.worker.submit(Pictures(1, (Item("a", b"a"),)))
    daemon.rest()
    assert not daemon.worker.has_models
    first = daemon.pid()
    daemon.worker.unload()
    daemon.worker.submit(Describe(2))
    assert daemon.worker.has_models
    daemon.rest()
    assert daemon.worker.has_models
    assert daemon.pid() != first
    daemon.worker.stop()
    assert not daemon.worker.has_models
