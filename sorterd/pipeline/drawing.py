"""The stage that draws pictures, and what becomes of pictures that come with features."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sorterd.activity import Fault, Reporter
from sorterd.backoff import StageBackoff
from sorterd.pipeline.executor_pool import ExecutorPool
from sorterd.pipeline.feature_space import SpaceInUse
from sorterd.pipeline.holding import Holding
from sorterd.pipeline.in_flight import Given, InFlight
from sorterd.pipeline.picture_archive import PictureArchive
from sorterd.store.store import Store
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Item, Pictures
from sorterd.worker.report_messages import Extracted, JobFailed, Pictured, PicturesFailed, Report, Started

SAVING = "saving pictures"
"""What waits, like a stage, after the disk has taken no picture."""


@dataclass(slots=True)
class Drawing:
    """Has pictures drawn of videos that were extracted without. `archive` is None where none are kept."""

    root: Path
    store: Store
    archive: PictureArchive | None
    pauses: StageBackoff
    report: Reporter
    clock: Callable[[], float]
    workers: ExecutorPool
    in_use: SpaceInUse
    holding: Holding
    busy: InFlight

    def due(self) -> bool:
        """Return whether there are pictures to draw, and time for it.

        There is none while models are loaded: drawing would keep them loaded.
        """
        if self.archive is None or self.in_use.space is None or self.workers.has_models:
            return False
        rests = self.holding.hold is None and not self.busy.videos and self.pauses.over(SAVING, self.clock())
        return rests and self.archive.any_missing(self.in_use.space.id)

    def job(self, number: int) -> Pictures:
        """Return a job for the next few videos that are still on disk."""
        assert self.archive is not None
        places = [(video, self.store.files.places(video)) for video in self.archive.take()]
        return Pictures(number, tuple(Item(video, os.fsencode(self.root / at[0].path)) for video, at in places if at))

    def take(self, report: Report | WorkerLost, _given: Given) -> bool:
        """Keep what was drawn, and count what failed. Return False if the stage has failed."""
        assert self.archive is not None
        match report:
            case Started():
                self.archive.begun(report.fingerprint)
            case Pictured():
                self.save(report)
            case PicturesFailed(transient=False):
                self.archive.give_up(report.fingerprint)
            case JobFailed() | WorkerLost(in_flight=()):
                return False
        return True

    def save(self, report: Extracted | Pictured) -> None:
        """Keep the pictures in a report. If the disk takes none, the stage waits, and no video is to blame."""
        if self.archive is None or not report.poster:
            return
        if not self.pauses.over(SAVING, self.clock()):
            self.archive.uncount(report.fingerprint)
            return
        try:
            self.archive.save(report.fingerprint, report.poster, report.strip)
        except OSError as error:
            self.archive.uncount(report.fingerprint)
            reason = f"pictures of the videos could not be written: {error.strerror}"
            self.pauses.failed(SAVING, reason, self.clock())
            self.report(Fault("", reason))
        else:
            self.pauses.worked(SAVING)

    def tidy(self) -> None:
        """Make the pictures' files and records agree, and keep them within their limit."""
        if self.archive is None:
            return
        try:
            self.archive.tidy()
        except OSError as error:
            self.report(Fault("", f"the folder of pictures could not be tidied: {error.strerror}"))
