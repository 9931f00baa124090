"""The daemon's side of a scripted worker: what it submits and what it hears."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support.one_worker import OneWorker

from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Describe, Extract, Item
from sorterd.worker.report_messages import Extracted, Report

SCRIPTED = (sys.executable, str(Path(__file__).parents[2] / "support" / "scripted.py"))


class Daemon(OneWorker):
    """Does what the daemon does with a worker, and waits for the last report of a job. `react` hears each of them."""

    def __init__(self, *boot: str, **options: Any) -> None:
        limits: dict[str, Any] = {
            "item_timeout": 20.0,
            "start_timeout": 20.0,
            "idle_unload": 60.0,
            "command": (*SCRIPTED, *boot),
        }
        super().__init__(Path("/nowhere"), **limits | options)
        self.last_job = 0
        self.react: Callable[[Report | WorkerLost], None] = lambda _: None

    def take(self, report: Report | WorkerLost) -> None:
        super().take(report)
        self.react(report)

    def describe(self) -> list[Report | WorkerLost]:
        self.last_job += 1
        return self.do(Describe(self.last_job))

    def submit(self, **paths: str) -> None:
        self.last_job += 1
        self.worker.submit(Extract(self.last_job, tuple(Item(f, p.encode()) for f, p in paths.items())))

    def extract(self, **paths: str) -> list[Report | WorkerLost]:
        self.submit(**paths)
        return self.rest()

    def wait_for(self, report: Report) -> None:
        while self.reports.get(timeout=15) != report:
            pass

    def pid(self) -> int:
        assert self.worker.pid is not None
        return self.worker.pid


def done(name: str, job: int = 1) -> Extracted:
    return Extracted(job, name, bytes(16), "hi", "en", "speech")
