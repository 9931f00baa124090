"""The models of this machine: a worker process as at home, which gets one job after the other."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sorterd.features.settings import Part
from sorterd.pool.messages import Prepare
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.supervisor import COMMAND, Worker
from sorterd.worker.job_messages import Job
from sorterd.worker.messages import Setup
from sorterd.worker.report_messages import DeviceRefused, Report, Step

START_SECONDS = 900.0  # the first start may fetch models over a slow line
IDLE_SECONDS = 300.0


@dataclass(slots=True)
class LocalWorker:
    """Runs jobs for the machine that `prepared` came from. Used on the event loop's thread only.

    `folder` is where the worker process may write. `device` is the machine's own choice.
    """

    folder: Path
    device: str
    log: Callable[[str], None]
    command: Sequence[str] = COMMAND
    _prepared: Prepare | None = None
    _on_cpu: tuple[Part, ...] = ()
    _worker: Worker | None = None
    _report: Callable[[Report | WorkerLost], None] = field(default=lambda _: None)
    _free: asyncio.Lock = field(default_factory=asyncio.Lock)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._ended.set()

    def prepare(self, asked: Prepare) -> None:
        """From now on work as `asked`. The worker process is replaced if that changes anything."""
        if self._prepared == asked:
            return
        self._prepared = asked
        self.stop()
        loop = asyncio.get_running_loop()

        def in_loop(report: Report | WorkerLost) -> None:
            loop.call_soon_threadsafe(self._take, report)

        self._worker = Worker(
            self._setup,
            report=in_loop,
            item_timeout=asked.item_seconds,
            start_timeout=START_SECONDS,
            idle_unload=IDLE_SECONDS,
            command=self.command,
            log=self.log,
        )

    async def run(
        self, job: Job, report: Callable[[Report | WorkerLost], None], wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """Do a job once the ones before it are done, if it is still `wanted` then.

        `report` gets its reports; the last one ends this call. If the call is cancelled, the job goes on to its end
        without reports.
        """
        async with self._free:
            await self._ended.wait()  # of a job whose call was cancelled
            if not wanted():
                return
            assert self._worker is not None
            self._ended.clear()
            self._report = report
            self._worker.submit(job)
            try:
                await self._ended.wait()
            finally:
                self._report = lambda _: None

    def stop(self) -> None:
        """End the worker process."""
        if self._worker is not None:
            self._worker.stop()
        self._ended.set()

    def _setup(self) -> Setup:
        asked = self._prepared
        assert asked is not None
        own = replace(asked.features, device=self.device, batch_size=None, on_cpu=self._on_cpu, captions=False)
        return Setup(own, os.fsencode(self.folder), asked.item_seconds, pictures=asked.pictures)

    def _take(self, report: Report | WorkerLost) -> None:
        if isinstance(report, DeviceRefused):  # the next process does that part without the card
            self._on_cpu = tuple({*self._on_cpu, report.part})
            self.log(f"the graphics card cannot be used for {report.part}: {report.reason}")
            assert self._worker is not None
            self._worker.unload()
        self._report(report)
        if not isinstance(report, Step):
            self._ended.set()
