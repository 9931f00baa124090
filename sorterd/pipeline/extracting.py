"""The stage that extracts features, on this machine and on others."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from sorterd.activity import Note, Reporter
from sorterd.backoff import UNTIL_SYNC, StageBackoff
from sorterd.pipeline.attempts import Attempts
from sorterd.pipeline.batch_size import batch_size
from sorterd.pipeline.drawing import Drawing
from sorterd.pipeline.executor import HERE
from sorterd.pipeline.executor_pool import ExecutorPool
from sorterd.pipeline.feature_space import SpaceInUse
from sorterd.pipeline.holding import Holding
from sorterd.pipeline.in_flight import Given, InFlight
from sorterd.pipeline.progress import ExtractionProgress
from sorterd.pipeline.schedule import stage_at
from sorterd.pipeline.training import Training
from sorterd.store.features import Features
from sorterd.store.settings import SPACE
from sorterd.store.store import Store
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.host.room import Room
from sorterd.worker.job_messages import Extract, Item
from sorterd.worker.report_messages import DeviceRefused, Extracted, ExtractFailed, JobFailed, Report, Started, Step

MOST_JOBS = 2
"""Jobs that a worker has at most: while one is under way, the next one travels."""

Order = Literal["usual", "folders", "in turn"]


@dataclass(slots=True)
class Extracting:
    """Gives videos to workers, and keeps the features that come back.

    For a preview, `order` is another than usual: the folders with the fewest extracted videos come first, alone or in
    turn with unsorted videos. `learns` says whether a training follows.
    """

    root: Path
    store: Store
    report: Reporter
    clock: Callable[[], float]
    workers: ExecutorPool
    in_use: SpaceInUse
    training: Training
    holding: Holding
    progress: ExtractionProgress
    drawing: Drawing
    busy: InFlight
    pauses: StageBackoff
    learns: bool
    order: Order = "usual"
    attempts: Attempts = field(init=False)

    def __post_init__(self) -> None:
        self.attempts = Attempts(self.root, self.store, self.report, self.clock)
        self.attempts.recall()

    def wanted(self) -> Collection[str]:
        """Return the folders that the next model needs first. They wait only as long as there is no model."""
        if self.in_use.space is None or not self.learns:
            return ()
        return self.training.wanted(self.in_use.space, poorest=self.order != "usual")

    def due(self) -> bool:
        """Return whether a video waits that no worker has."""
        return self.in_use.backlog.any_due(
            self.clock(), wanted=self.wanted(), arrived_after=self.holding.arrived_after, without=self.busy.videos
        )

    def job(self, number: int) -> Extract:
        """Return the next job for the worker here."""
        job = self.job_at(HERE, number, self.ready())
        assert job is not None
        return job

    def job_at(self, worker: str, number: int, ready: Mapping[str, Room]) -> Extract | None:
        """Return the next job for this worker. None if no video waits that it may be given.

        `ready` are the other workers that have room. The suspects, one of which broke the worker, come first, each in a
        job of its own. A new arrival shares its job only with other arrivals and with videos of the folders that are
        wanted.
        """
        space, suspects, wanted, backlog = self.in_use.space, self.attempts.suspects, self.wanted(), self.in_use.backlog
        assert space is not None
        most = batch_size(worker, self.busy, ready, self.progress.per_minute_of, backlog.pending())
        if not most:
            return None
        videos = backlog.next(
            now=self.clock(),
            limit=most,
            wanted=wanted,
            first=suspects,
            in_turn=self.order == "in turn",
            arrived_after=self.holding.arrived_after,
            without=self.busy.videos if worker == HERE else self.busy.videos | self.attempts.at_home,
            largest=None if worker == HERE else ready[worker].bytes,
        )
        if not videos:
            return None
        if videos[0].fingerprint in suspects:
            videos = videos[:1]
        elif videos[0].fresh:
            videos = [video for video in videos if video.fresh or (video.labelled and wanted)]
        items = tuple(Item(video.fingerprint, os.fsencode(self.root / video.path)) for video in videos)
        return Extract(number, items, space.id, space.extracted_width)

    def ready(self) -> dict[str, Room]:
        """Return which other workers take videos now, and how many jobs each of them may have."""
        if not self.workers.others:
            return {}
        now = self.clock()
        if self.in_use.backlog.any_of(self.attempts.recalled, now):
            return {}
        rooms = {name: other.room() for name, other in self.workers.others.items()}
        return {
            name: replace(room, jobs=min(room.jobs, MOST_JOBS))
            for name, room in rooms.items()
            if room.jobs and self.pauses.over(stage_at(name, "extract"), now)
        }

    def take(self, report: Report | WorkerLost, given: Given) -> bool:
        """Record features and failures. What fails elsewhere is tried here, and only that counts."""
        worker = given.worker
        if not isinstance(report, Step):
            self._ended(report, worker)
        match report:
            case Started():
                self.attempts.begun(report.job, report.fingerprint)
            case Extracted():
                self.attempts.answered(report.fingerprint)
                self._extracted(report, worker)
            case ExtractFailed():
                self.attempts.answered(report.fingerprint)
                if worker == HERE:
                    self._video_failed(report.fingerprint, report.reason, transient=report.transient)
                else:
                    self.attempts.at_home.add(report.fingerprint)
            case JobFailed() | DeviceRefused():
                if worker == HERE:  # the models may be others than they were: ask them at the next start
                    self.store.notes.drop(SPACE)
                return False
            case WorkerLost(in_flight=()):
                return False
            case WorkerLost():
                self._worker_lost(report, worker)
        return True

    def _ended(self, report: Report | WorkerLost, worker: str) -> None:
        """Note that none of the job's videos is in flight any more. Those that cost a machine do not travel again."""
        open_ended = self.attempts.ended(report.job)
        if worker != HERE and isinstance(report, WorkerLost) and not report.by_itself:
            self.attempts.at_home.update(open_ended)

    def _extracted(self, report: Extracted, worker: str) -> None:
        assert self.in_use.space is not None
        words = report.transcript, report.language, report.audio
        features = Features(report.fingerprint, report.vector, *words, report.seconds or None)
        self.store.features.add(features, self.in_use.space.id, now=self.clock())
        self.attempts.cleared(report.fingerprint)
        self.drawing.save(report)
        self.training.learnable.extracted(report.fingerprint)
        self.progress.extracted(worker)

    def _video_failed(self, fingerprint: str, reason: str, *, transient: bool) -> None:
        if self.attempts.failed(fingerprint, reason, transient=transient):
            self.training.learnable.failed(fingerprint)
            self.progress.failed(HERE)
        else:
            self.pauses.wait("extract", self.clock() + UNTIL_SYNC)

    def _worker_lost(self, report: WorkerLost, worker: str) -> None:
        if worker != HERE:  # a crash elsewhere makes no video fail: each is tried here, alone
            self.attempts.suspects.update(report.in_flight)
            self.attempts.at_home.update(report.in_flight)
            self.report(Note(f"{worker}: the worker {report.reason}; what it was looking at is looked at here"))
        elif len(report.in_flight) == 1:
            self._video_failed(report.in_flight[0], f"the worker {report.reason}", transient=True)
        else:
            self.attempts.suspects.update(report.in_flight)
