"""A real worker with the packaged models and decoders that crash: the models stay, the right file is named."""

import os
import queue
import shutil
import sys
from pathlib import Path

import pytest

from sorterd.features.settings import FeatureSettings
from sorterd.samples import SAMPLES
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.job_messages import Extract, Item, Pictures
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import Extracted, ExtractFailed, JobDone, JobFailed, Pictured, Report

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="decoders are processes on Linux only")

COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("worker_with_two_decoders.py")))


def test_a_file_that_breaks_its_decoder_costs_itself_and_not_the_models(tmp_path: Path) -> None:
    artifacts = tmp_path / "artifacts"
    artifacts.mkdir()
    names = ["a.mp4", "crash.mp4", "b.mp4", "c.mp4", "d.mp4"]
    for name in names:
        shutil.copy(SAMPLES / "fried-potatoes.mp4", tmp_path / name)
    items = tuple(Item(name, os.fsencode(tmp_path / name)) for name in names)
    reports: queue.Queue[Report | WorkerLost] = queue.Queue()
    worker = Worker(
        lambda: Setup(
            FeatureSettings(models="embedded", device="cpu"),
            bytes(artifacts),
            pictures=True,
        ),
        report=reports.put,
        item_timeout=60.0,
        start_timeout=200.0,
        idle_unload=60.0,
        command=COMMAND,
        log=lambda _line: None,
    )
    answers: dict[str, Extracted | ExtractFailed] = {}
    try:
        worker.submit(Extract(1, items))
        pids = set()
        while not isinstance(report := reports.get(timeout=200), JobDone):
            assert not isinstance(report, WorkerLost | JobFailed), report
            pids.add(worker.pid)
            if isinstance(report, Extracted | ExtractFailed):
                answers[report.fingerprint] = report
        worker.submit(Pictures(2, items[:1]))
        while not isinstance(report := reports.get(timeout=60), JobDone):
            pictured = report
        pids.add(worker.pid)
    finally:
        worker.stop()
    assert [type(answers[name]) for name in names] == [*(Extracted, ExtractFailed, Extracted, Extracted, Extracted)]
    crash = answers["crash.mp4"]
    assert isinstance(crash, ExtractFailed)
    assert (crash.reason, crash.transient) == ("its decoder crashed (SIGSEGV)", True)
    assert isinstance(pictured, Pictured)
    assert (len(pids), worker.restarts) == (1, 0)  # one process with the models all along
