"""The daemon's side of a scripted worker: what it submits and what it hears."""

import queue
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sorterd.features.settings import FeatureSettings
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.job_messages import Describe, Extract, Item
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import Described, Extracted, JobDone, JobFailed, Report

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


def done(name: str, job: int = 1) -> Extracted:
    return Extracted(job, name, bytes(16), "hi", "en", "speech")
