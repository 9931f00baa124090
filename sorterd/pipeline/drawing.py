"""The stage that draws pictures, and what becomes of pictures that come with features."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sorterd.activity import Fault, Reporter
from sorterd.backoff import StageBackoff
from sorterd.pipeline.executor_pool import ExecutorPool
from sorterd.pipeline.picture_archive import PictureArchive
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.report_messages import Extracted, JobFailed, Pictured, PicturesFailed, Report, Started


@dataclass(slots=True)
class Drawing:
    """Takes the worker's reports on pictures. `archive` is None where none are kept. `pauses` are the pipeline's."""

    archive: PictureArchive | None
    pauses: StageBackoff
    report: Reporter
    clock: Callable[[], float]

    def any_due(self, space: str, workers: ExecutorPool) -> bool:
        """Return whether there are pictures to draw. Not while models are loaded: drawing would keep them loaded."""
        return self.archive is not None and not workers.has_models and self.archive.any_missing(space)

    def take(self, report: Report | WorkerLost) -> bool:
        """Record a report of a `Pictures` job. Return False if it is the stage that has failed."""
        if self.archive is None:
            return False
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
        if not self.pauses.over("pictures", self.clock()):
            self.archive.uncount(report.fingerprint)
            return
        try:
            self.archive.save(report.fingerprint, report.poster, report.strip)
        except OSError as error:
            self.archive.uncount(report.fingerprint)
            reason = f"pictures of the videos could not be written: {error.strerror}"
            self.pauses.failed("pictures", reason, self.clock())
            self.report(Fault("", reason))
        else:
            self.pauses.worked("pictures")

    def tidy(self) -> None:
        """Make the pictures' files and records agree, and keep them within their limit."""
        if self.archive is None:
            return
        try:
            self.archive.tidy()
        except OSError as error:
            self.report(Fault("", f"the folder of pictures could not be tidied: {error.strerror}"))
