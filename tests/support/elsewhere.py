"""A worker of another machine, as far as the pipeline can tell: a second real process, behind a queue for one more job.

What lies between two machines is left out.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence

from sorterd.features.settings import FeatureSettings
from sorterd.pipeline.extracting import MOST_JOBS
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.room import Room
from sorterd.worker.host.supervisor import Worker
from sorterd.worker.job_messages import Extract, Job
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import Report, Step

Callback = Callable[[Report | WorkerLost], None]


class Elsewhere:
    """One such worker. `worker` is its process."""

    has_models = False

    def __init__(self, command: Sequence[str], report: Callback) -> None:
        self.report = report
        self.worker = Worker(
            lambda: Setup(FeatureSettings(), b"/nowhere"),
            report=self._pass_on,
            item_timeout=60.0,
            start_timeout=60.0,
            idle_unload=60.0,
            command=command,
            log=lambda _line: None,
        )
        self.jobs: list[Extract] = []
        self._lock = threading.Lock()
        self._open: deque[Extract] = deque()  # the job under way, and those that wait for it

    def room(self) -> Room:
        return Room(MOST_JOBS)

    def submit(self, job: Job) -> None:
        assert isinstance(job, Extract), "nothing else travels"
        self.jobs.append(job)
        with self._lock:
            self._open.append(job)
            waits = len(self._open) > 1
        if not waits:
            self.worker.submit(job)

    def unload(self) -> None:
        raise AssertionError("the settings of another machine are its own")

    def stop(self) -> None:
        threading.Thread(target=self.worker.stop, daemon=True).start()

    def _pass_on(self, report: Report | WorkerLost) -> None:
        self.report(report)
        if isinstance(report, Step):
            return
        with self._lock:
            if self._open:
                self._open.popleft()
            following = self._open[0] if self._open else None
        if following is not None:
            self.worker.submit(following)
