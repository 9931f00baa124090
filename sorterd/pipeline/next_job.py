"""The next job of each stage, made from what waits for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from sorterd.pipeline import jobs
from sorterd.pipeline.attempts import Attempts
from sorterd.pipeline.batch_size import batch_size
from sorterd.pipeline.controls import Controls
from sorterd.pipeline.executor import HERE
from sorterd.pipeline.feature_space import SpaceInUse
from sorterd.pipeline.holding import Holding
from sorterd.pipeline.in_flight import InFlight
from sorterd.pipeline.jobs import PipelineSettings
from sorterd.pipeline.model_in_use import model_in_use
from sorterd.pipeline.picture_archive import PictureArchive
from sorterd.pipeline.progress import ExtractionProgress
from sorterd.pipeline.reading import Reading
from sorterd.pipeline.schedule import Stage
from sorterd.pipeline.training import Training
from sorterd.store.store import Store
from sorterd.worker.job_messages import Describe, Extract, Item, Job


@dataclass(frozen=True, slots=True)
class NextJob:
    """Makes jobs for a stage that has something to do."""

    root: Path
    store: Store
    settings: PipelineSettings
    clock: Callable[[], float]
    in_use: SpaceInUse
    training: Training
    reading: Reading
    holding: Holding
    progress: ExtractionProgress
    attempts: Attempts
    archive: PictureArchive | None
    busy: InFlight
    controls: Controls

    def of(self, stage: Stage, number: int, *, ready: Collection[str], wanted: Collection[str], in_turn: bool) -> Job:
        """Return the job with this number for the worker here. `ready` are the others that have room for videos.

        For `wanted` and `in_turn` see `Backlog.next`.
        """
        if stage == "read":
            return self.reading.job(number, self.holding.arrived_after)
        if stage == "describe":
            return Describe(number)
        space = self.in_use.space
        assert space is not None
        if stage == "extract":
            job = self.extract(number, ready=ready, wanted=wanted, in_turn=in_turn)
            assert job is not None
            return job
        if stage == "compare":
            return self.controls.begin(number, space)
        if stage == "train":
            return self.training.begin(number, space)
        if stage == "export":
            return jobs.export(number, self.store, space)
        if stage == "pictures":
            assert self.archive is not None
            return jobs.pictures(number, self.store, self.root, self.archive.take())
        model = model_in_use(self.store.notes, space)
        assert model is not None
        return jobs.predict(number, self.store, self.in_use.backlog, space, self.settings, model)

    def extract(
        self,
        number: int,
        worker: str = HERE,
        *,
        ready: Collection[str],
        largest: int | None = None,
        wanted: Collection[str],
        in_turn: bool,
    ) -> Extract | None:
        """Return a job for this worker, of videos up to `largest` bytes. None if none waits that it may be given.

        The suspects, one of which broke the worker, come first, each in a job of its own. A new arrival shares its job
        only with other arrivals and with videos of the folders that are `wanted`.
        """
        space, suspects = self.in_use.space, self.attempts.suspects
        assert space is not None
        most = batch_size(worker, self.busy, ready, self.progress.per_minute_of, self.in_use.backlog.pending())
        if not most:
            return None
        videos = self.in_use.backlog.next(
            now=self.clock(),
            limit=most,
            wanted=wanted,
            first=suspects,
            in_turn=in_turn,
            arrived_after=self.holding.arrived_after,
            without=self.busy.videos if worker == HERE else self.busy.videos | self.attempts.at_home,
            largest=largest,
        )
        if not videos:
            return None
        if videos[0].fingerprint in suspects:
            videos = videos[:1]
        elif videos[0].fresh:
            videos = [video for video in videos if video.fresh or (video.labelled and wanted)]
        items = tuple(Item(video.fingerprint, os.fsencode(self.root / video.path)) for video in videos)
        return Extract(number, items, space.id, space.extracted_width)
