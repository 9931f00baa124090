"""The next job of each stage, made from what waits for it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from sorterd.pipeline import jobs
from sorterd.pipeline.attempts import Attempts
from sorterd.pipeline.executor import HERE
from sorterd.pipeline.feature_space import SpaceInUse
from sorterd.pipeline.holding import Holding
from sorterd.pipeline.in_flight import InFlight
from sorterd.pipeline.jobs import PipelineSettings
from sorterd.pipeline.picture_archive import PictureArchive
from sorterd.pipeline.progress import ExtractionProgress
from sorterd.pipeline.reading import Reading
from sorterd.pipeline.schedule import Stage
from sorterd.pipeline.training import Training
from sorterd.store.store import Store
from sorterd.worker.messages import Describe, Extract, Job


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

    def of(self, stage: Stage, number: int, *, wanted: Collection[str], in_turn: bool) -> Job:
        """Return the job with this number for the worker here. For `wanted` and `in_turn` see `Backlog.next`."""
        if stage == "read":
            return self.reading.job(number, self.holding.arrived_after)
        if stage == "describe":
            return Describe(number)
        space = self.in_use.space
        assert space is not None
        if stage == "extract":
            job = self.extract(number, wanted=wanted, in_turn=in_turn)
            assert job is not None
            return job
        if stage == "train":
            return self.training.begin(number, space)
        if stage == "export":
            return jobs.export(number, self.store, space)
        if stage == "pictures":
            assert self.archive is not None
            return jobs.pictures(number, self.store, self.root, self.archive.take())
        model = self.training.model(space)
        assert model is not None
        return jobs.predict(number, self.store, self.in_use.backlog, space, self.settings, model)

    def extract(
        self, number: int, worker: str = HERE, *, largest: int | None = None, wanted: Collection[str], in_turn: bool
    ) -> Extract | None:
        """Return a job for this worker, of videos up to `largest` bytes. None if none waits that it may be given.

        While it has a job, the next one is half as long, so that a new arrival need not wait for two whole ones.
        """
        assert self.in_use.space is not None
        most = jobs.batch(self.progress.per_minute_of(worker))
        return jobs.extract(
            *(number, self.in_use.backlog, self.root, self.attempts.suspects),
            now=self.clock(),
            most=-(-most // 2) if self.busy.at(worker) else most,
            largest=largest,
            without=self.busy.videos if worker == HERE else self.busy.videos | self.attempts.at_home,
            wanted=wanted,
            arrived_after=self.holding.arrived_after,
            width=sum(modality.width for modality in self.in_use.space.extracted),
            in_turn=in_turn,
        )
