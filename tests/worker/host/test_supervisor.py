"""The supervisor survives whatever its child does, and says which video caused it. Real processes, no models."""

import errno

import pytest

from sorterd.features.settings import extracted_modalities
from sorterd.worker.host.lost import WorkerBusy, WorkerLost
from sorterd.worker.host.stderr import LINES_PER_JOB
from sorterd.worker.job_messages import Describe, Extract, Item, Pictures
from sorterd.worker.report_messages import Described, ExtractFailed, JobDone, JobFailed, Started
from sorterd.worker.wire import WireError
from worker.host.daemon import Daemon, done


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
