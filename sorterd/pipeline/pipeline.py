"""What the worker is given to do, and when."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sorterd.activity import Reporter
from sorterd.backoff import StageBackoff
from sorterd.features.settings import FeatureSpace
from sorterd.pipeline.card import PAYS, Card
from sorterd.pipeline.controls import Controls
from sorterd.pipeline.dispatch import Dispatch
from sorterd.pipeline.drawing import Drawing
from sorterd.pipeline.executor import HERE
from sorterd.pipeline.executor_pool import ExecutorPool
from sorterd.pipeline.feature_space import SpaceInUse
from sorterd.pipeline.holding import Holding
from sorterd.pipeline.in_flight import InFlight
from sorterd.pipeline.jobs import PipelineSettings
from sorterd.pipeline.model_in_use import model_in_use
from sorterd.pipeline.next_job import NextJob
from sorterd.pipeline.picture_archive import PictureArchive
from sorterd.pipeline.process import WorkerProcess
from sorterd.pipeline.progress import ExtractionProgress
from sorterd.pipeline.reading import Reading
from sorterd.pipeline.recorder import Recorder
from sorterd.pipeline.schedule import Situation, Stage, next_stage
from sorterd.pipeline.training import Training
from sorterd.pipeline.work_hours import Hold, WorkHours
from sorterd.store.store import Store
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.report_messages import Report

Order = Literal["usual", "folders", "in turn"]


@dataclass(slots=True)
class Pipeline:
    """Gives the workers their jobs. Used on the loop's thread only.

    `busy` are the jobs in flight, `in_use` the feature space, `card` what the graphics card does, `progress` how far
    extraction is. `archive` keeps the pictures, None if there are none. `order` is that of extraction. For a preview,
    the folders with the fewest extracted videos come first, alone or in turn with unsorted videos. `hours` says when
    the backlog must wait, `pauses` which stages wait after a failure. `reading` is the stage that reads captions.
    """

    root: Path
    store: Store
    workers: ExecutorPool
    settings: PipelineSettings
    report: Reporter
    clock: Callable[[], float] = time.time
    stages: frozenset[Stage] = frozenset({"read", "extract", "train", "predict"})
    archive: PictureArchive | None = None
    order: Order = "usual"
    hours: WorkHours = field(default_factory=WorkHours)
    busy: InFlight = field(default_factory=InFlight)
    card: Card = field(init=False)
    progress: ExtractionProgress = field(init=False)
    in_use: SpaceInUse = field(init=False)
    training: Training = field(init=False)
    drawing: Drawing = field(init=False)
    reading: Reading = field(init=False)
    holding: Holding = field(init=False)
    dispatch: Dispatch = field(init=False)
    controls: Controls = field(init=False)
    _recorder: Recorder = field(init=False)
    pauses: StageBackoff = field(default_factory=StageBackoff)

    def __post_init__(self) -> None:
        report: Reporter = lambda activity: self.report(activity)  # noqa: E731  # a test listens in later
        self.in_use = SpaceInUse(self.store, self.settings.features)
        self.controls = Controls(self.store.notes)
        self.training = Training(self.store, self.settings, self.clock, self.pauses)
        self.card = Card(report)
        self.progress = ExtractionProgress(report, self.clock, lambda: self.pending)
        self.drawing = Drawing(self.archive, self.pauses, report, self.clock)
        self.reading = Reading(self.root, self.store, report, self.settings.features, self.clock)
        self.holding = Holding(report, self.clock, self.hours)
        self._recorder = Recorder(
            *(self.root, self.store, report, self.clock, self.in_use, self.training, self.pauses, self.progress),
            *(self.drawing, self.reading),
        )
        next_job = NextJob(
            *(self.root, self.store, self.settings, self.clock, self.in_use, self.training, self.reading),
            *(self.holding, self.progress, self._recorder.attempts, self.archive, self.busy, self.controls),
        )
        process = WorkerProcess(self.workers, self.card, self.settings.features)
        self.dispatch = Dispatch(self.workers, process, next_job, self.pauses)

    @property
    def space(self) -> FeatureSpace | None:
        """The feature space in use, None until the worker was asked for it."""
        return self.in_use.space

    @property
    def model(self) -> dict[str, Any] | None:
        """The summary of the model in use, if it fits the current feature space."""
        return model_in_use(self.store.notes, self.space)

    @property
    def predictor(self) -> str | None:
        """The name of the model in use and its settings. Predictions by another predictor are stale."""
        return self.training.predictor(self.space)

    @property
    def pending(self) -> int:
        """How many videos wait for extraction."""
        return 0 if self.space is None else self.in_use.backlog.pending()

    @property
    def held(self) -> tuple[Hold, int] | None:
        """Why the backlog waits, and how many videos it has. None if none has to wait."""
        return None if self.space is None else self.holding.held(self.in_use.backlog, self._wanted())

    @property
    def training_is_due(self) -> bool:
        """Whether the model in use has something to learn, so that even its sure predictions may be wrong."""
        if self.space is None or "train" not in self.stages:
            return False
        return (
            bool(self.training.learnable.training_set(self.space).wanted)
            or self.training.due_at(self.space) is not None
        )

    @property
    def all_predicted(self) -> bool:
        """Whether the model has predicted all that is extracted, and there is nothing more to learn."""
        settled = self.busy.here is None and self.predictor is not None and not self.training_is_due
        return settled and not self._situation().unpredicted

    def end_extraction(self) -> None:
        """Extract no more, and go on with what is extracted as if there were no more videos."""
        self.stages -= {"extract"}
        if self.space is not None:
            self.training.learnable.await_no_more(self.space)

    def do_again(self) -> None:
        """Train and predict, if these are stages of this loop, even if nothing has changed."""
        if "train" in self.stages:
            self.training.forget()
        if "predict" in self.stages:
            self.store.predictions.clear()

    def learn_stranger_share(self) -> bool:
        """Once all is predicted and nothing waits for extraction, work out which share of it belongs nowhere.

        Return whether the share has changed.
        """
        return self.space is not None and not self.pending and self.training.learn_stranger_share(self.space)

    def next_stage(self) -> Stage | None:
        """Return what the worker here could do now. None also while it is busy."""
        if self.busy.here is not None:
            return None
        now = self.clock()
        allowed = frozenset(stage for stage in self.stages if self.pauses.over(stage, now))
        stage = next_stage(self._situation(), allowed, now=now)
        self.holding.tell(self.held)
        return None if stage == "describe" and not self.pauses.over(stage, now) else stage

    def wake_at(self) -> float | None:
        """Return when there may be something to do without any event, None while the only worker is busy."""
        if self.busy.here is not None and not self.workers.others:
            return None
        times = self.pauses.ends
        if self.space is not None and "train" in self.stages:
            times.append(self.training.due_at(self.space) or 0.0)
        others = (self.store.features.next_retry(), self.holding.next_look(), self.reading.next_try())
        return min((at for at in (*times, *others) if at is not None and at > self.clock()), default=None)

    def _situation(self) -> Situation:
        """Return what waits, for the schedule."""
        arrived_after = self.holding.look()
        unread = self.reading.any_due(arrived_after)
        if self.space is None:
            return Situation(described=False, unextracted=False, unpredicted=False, train_at=None, unread=unread)
        backlog, given, predictor, now = self.in_use.backlog, self.busy.videos, self.predictor, self.clock()
        self.training.held = self.holding.hold is not None
        may_draw = "pictures" in self.stages and not (self.training.held or given)
        return Situation(
            described=True,
            unextracted=backlog.any_due(now, wanted=self._wanted(), arrived_after=arrived_after, without=given),
            unpredicted=predictor is not None and backlog.any_unpredicted(predictor),
            train_at=self.training.due_at(self.space) if "train" in self.stages else None,
            unexported=not (self._recorder.exported or given),
            unpictured=may_draw and self.drawing.any_due(self.space.id, self.workers),
            unread=unread,
            extract_first=self.dispatch.extracts_next(predictor),
            uncompared=self.controls.due,
        )

    def _wanted(self) -> Collection[str]:
        """Return the folders that the next model needs first. They wait only as long as there is no model."""
        if self.space is None or "train" not in self.stages:
            return ()
        return self.training.wanted(self.space, poorest=self.order != "usual")

    def give(self, stage: Stage) -> None:
        """Give the worker here the next job of this stage."""
        waiting = len(self.store.files.some_paths(PAYS)) if self.space is None else self.pending
        urgent = waiting - (self.held[1] if self.held else 0)
        self.dispatch.give_here(stage, urgent, wanted=self._wanted(), in_turn=self.order == "in turn")

    def load_models(self) -> None:
        """Have the worker here load its models for a question from outside, if it has no job."""
        if self.busy.here is None and self.pauses.over("describe", self.clock()):
            self.give("describe")

    def give_others(self) -> None:
        """Give the other workers videos to extract, as many as they have room for."""
        may_extract = "extract" in self.stages and not self.pauses.waits_for_moment(
            self.clock()
        )  # a failure here keeps nobody else
        if self.workers.others and self.space is not None and may_extract:
            self.holding.look()
            self.dispatch.give_others(wanted=self._wanted(), in_turn=self.order == "in turn")

    def take(self, report: Report | WorkerLost) -> set[str]:
        """Record one report and return the videos that it predicts. Drop reports of jobs that were given up."""
        given = self.busy.take(report)
        if given is None:
            return set()
        if given.worker == HERE and self.card.take(report, given.job):  # the job failed for the graphics card alone
            self._recorder.attempts.ended(report.job)
            self.controls.put_off()
            self.workers.unload()
            return set()
        if self.controls.is_job(report.job):
            assert self.space is not None
            self.controls.take(report, self.space)
            return set()
        self._recorder.record(report, given.job, given.worker)
        return self._recorder.predicted(report)

    def put_down(self) -> None:
        """Note that this is an orderly end, for which no video in flight is to blame."""
        self._recorder.attempts.put_down()
