"""The stage that writes the embeddings for the user's own scripts."""

from __future__ import annotations

from dataclasses import dataclass

from sorterd.pipeline.feature_space import SpaceInUse
from sorterd.pipeline.in_flight import Given, InFlight
from sorterd.pipeline.jobs import feature_rows
from sorterd.pipeline.progress import ExtractionProgress
from sorterd.pipeline.stage_handler import Failure
from sorterd.store.store import Store
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Export
from sorterd.worker.report_messages import Report


@dataclass(slots=True)
class Exporting:
    """Has them written at least once, and again after further videos, but not while some are being extracted."""

    store: Store
    in_use: SpaceInUse
    busy: InFlight
    progress: ExtractionProgress
    _given: int = -1  # videos that were extracted when the last job was made
    _written: int = -1

    def due(self) -> bool:
        """Return whether more is extracted than was written."""
        return self._written != self.progress.done and not self.busy.videos

    def job(self, number: int) -> Export:
        """Return a job with all that is extracted."""
        space = self.in_use.space
        assert space is not None
        self._given = self.progress.done
        return Export(number, *feature_rows(self.store, space, with_captions_alone=False), space.modalities)

    def take(self, report: Report | WorkerLost, _given: Given) -> bool:
        """Note that all is written."""
        if isinstance(report, Failure):
            return False
        self._written = self._given
        return True
