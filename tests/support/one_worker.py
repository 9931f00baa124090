"""The daemon's side of one worker process: what it is given, and what it reports."""

import queue
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sorterd.features.settings import FeatureSettings
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.job_messages import Job
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import Report, Step

EMBEDDED = FeatureSettings(models="embedded", device="cpu")


class OneWorker:
    """A worker, in a `with` block that ends it, with its reports in a queue and what it prints in `lines`.

    `options` are those of `Worker`; its command is that of the real one unless they say otherwise.
    """

    def __init__(self, artifacts: Path, features: FeatureSettings = EMBEDDED, **options: Any) -> None:
        self.reports: queue.Queue[Report | WorkerLost] = queue.Queue()
        self.lines: list[str] = []
        usual: dict[str, Any] = {
            "item_timeout": 60.0,
            "start_timeout": 200.0,
            "idle_unload": 200.0,
            "log": self.lines.append,
        }
        setup = Setup(features, bytes(artifacts), pictures=True)
        self.worker = Worker(lambda: setup, report=self.take, **usual | options)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.worker.stop()

    def take(self, report: Report | WorkerLost) -> None:
        self.reports.put(report)

    def do(self, job: Job) -> list[Report | WorkerLost]:
        """Give it a job. Return all reports up to the last one."""
        self.worker.submit(job)
        return self.rest()

    def rest(self) -> list[Report | WorkerLost]:
        """Return the reports up to the last one of the job under way."""
        reports = [self.reports.get(timeout=200)]
        while isinstance(reports[-1], Step):
            reports.append(self.reports.get(timeout=200))
        return reports
