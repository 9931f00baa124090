"""A real worker with the packaged models and decoders that crash: the models stay, the right file is named."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from support.one_worker import OneWorker

from sorterd.samples import SAMPLES
from sorterd.worker.job_messages import Extract, Item, Pictures
from sorterd.worker.report_messages import Extracted, ExtractFailed, JobDone, Pictured

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="decoders are processes on Linux only")

COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("worker_with_two_decoders.py")))


def test_a_file_that_breaks_its_decoder_costs_itself_and_not_the_models(tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    names = ["a.mp4", "crash.mp4", "b.mp4", "c.mp4", "d.mp4"]
    for name in names:
        shutil.copy(SAMPLES / "fried-potatoes.mp4", tmp_path / name)
    items = tuple(Item(name, os.fsencode(tmp_path / name)) for name in names)
    with OneWorker(tmp_path / "artifacts", command=COMMAND) as daemon:
        reports = daemon.do(Extract(1, items))
        pid = daemon.worker.pid
        *_, pictured, end = daemon.do(Pictures(2, items[:1]))
        assert (daemon.worker.pid, daemon.worker.restarts) == (pid, 0)  # one process with the models all along
    assert (reports[-1], end) == (JobDone(1), JobDone(2))
    answers = {report.fingerprint: report for report in reports if isinstance(report, Extracted | ExtractFailed)}
    assert [type(answers[name]) for name in names] == [*(Extracted, ExtractFailed, Extracted, Extracted, Extracted)]
    crash = answers["crash.mp4"]
    assert isinstance(crash, ExtractFailed)
    assert (crash.reason, crash.transient) == ("its decoder crashed (SIGSEGV)", True)
    assert isinstance(pictured, Pictured)
