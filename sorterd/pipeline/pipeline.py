"""What the worker is given to do, and when."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sorterd.activity import Fault, Reporter
from sorterd.backoff import StageBackoff
from sorterd.features.settings import FeatureSpace
from sorterd.pipeline.card import PAYS, Card
from sorterd.pipeline.controls import Controls
from sorterd.pipeline.describing import Describing
from sorterd.pipeline.dispatch import Dispatch
from sorterd.pipeline.drawing import Drawing
from sorterd.pipeline.executor import HERE
from sorterd.pipeline.executor_pool import ExecutorPool
from sorterd.pipeline.exporting import Exporting
from sorterd.pipeline.extracting import Extracting
from sorterd.pipeline.feature_space import SpaceInUse
from sorterd.pipeline.holding import Holding
from sorterd.pipeline.in_flight import Given, InFlight
from sorterd.pipeline.jobs import PipelineSettings
from sorterd.pipeline.model_in_use import model_in_use
from sorterd.pipeline.picture_archive import PictureArchive
from sorterd.pipeline.predicting import Predicting
from sorterd.pipeline.process import WorkerProcess
from sorterd.pipeline.progress import ExtractionProgress
from sorterd.pipeline.reading import Reading
from sorterd.pipeline.schedule import Stage, next_stage, stage_at
from sorterd.pipeline.stage_handler import Failure, StageHandler
from sorterd.pipeline.training import Training
from sorterd.pipeline.work_hours import Hold, WorkHours
from sorterd.store.store import Store
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.report_messages import Report, Step


@dataclass(slots=True)
class Pipeline:
    """Gives the workers their jobs. Used on the loop's thread only.

    `busy` are the jobs in flight, `in_use` the feature space, `card` what the graphics card does, `progress` how far
    extraction is. `archive` keeps the pictures, None if there are none. `hours` says when the backlog must wait,
    `pauses` which stages wait after a failure.
    """

    root: Path
    store: Store
    workers: ExecutorPool
    settings: PipelineSettings
    report: Reporter
    clock: Callable[[], float] = time.time
    stages: frozenset[Stage] = frozenset({"read", "extract", "train", "predict"})
    archive: PictureArchive | None = None
    hours: WorkHours = field(default_factory=WorkHours)
    busy: InFlight = field(default_factory=InFlight)
    pauses: StageBackoff = field(default_factory=StageBackoff)
    card: Card = field(init=False)
    progress: ExtractionProgress = field(init=False)
    in_use: SpaceInUse = field(init=False)
    holding: Holding = field(init=False)
    training: Training = field(init=False)
    drawing: Drawing = field(init=False)
    reading: Reading = field(init=False)
    controls: Controls = field(init=False)
    extracting: Extracting = field(init=False)
    predicting: Predicting = field(init=False)
    dispatch: Dispatch = field(init=False)
    _handlers: dict[Stage, StageHandler] = field(init=False)

    def __post_init__(self) -> None:
        report: Reporter = lambda activity: self.report(activity)  # noqa: E731  # a test listens in later
        root, store, clock, pauses, busy = self.root, self.store, self.clock, self.pauses, self.busy
        self.in_use = in_use = SpaceInUse(store, self.settings.features)
        self.card = Card(report)
        self.progress = ExtractionProgress(report, clock, lambda: self.pending)
        self.holding = Holding(report, clock, self.hours)
        self.reading = Reading(root, store, report, self.settings.features, clock, self.holding)
        self.controls = Controls(store.notes, in_use)
        self.training = Training(store, self.settings, clock, pauses, report, in_use, self.holding)
        self.predicting = Predicting(store, self.settings, clock, in_use, self.training)
        self.drawing = Drawing(
            *(root, store, self.archive, pauses, report, clock, self.workers, in_use, self.holding, busy)
        )
        self.extracting = Extracting(
            *(root, store, report, clock, self.workers, in_use, self.training, self.holding, self.progress),
            *(self.drawing, busy, pauses, "train" in self.stages),
        )
        self._handlers = {
            "read": self.reading,
            "describe": Describing(in_use, self.training.learnable, report),
            "compare": self.controls,
            "train": self.training,
            "predict": self.predicting,
            "extract": self.extracting,
            "export": Exporting(store, in_use, busy, self.progress),
            "pictures": self.drawing,
        }
        process = WorkerProcess(self.workers, self.card, self.settings.features)
        self.dispatch = Dispatch(self.workers, process, self.extracting, busy, pauses)

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
        return None if self.space is None else self.holding.held(self.in_use.backlog, self.extracting.wanted())

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
        return settled and not self.predicting.due()

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
        self.holding.look()
        now, described = self.clock(), self.space is not None
        allowed: set[Stage] = {stage for stage in (*self.stages, "describe") if self.pauses.over(stage, now)}
        if "extract" in allowed:
            allowed.add("compare")
        stage = next_stage(
            lambda stage: self._handlers[stage].due(),
            allowed,
            described=described,
            extract_first=described and self.dispatch.extracts_next(self.predictor),
        )
        self.holding.tell(self.held)
        return stage

    def wake_at(self) -> float | None:
        """Return when there may be something to do without any event, None while the only worker is busy."""
        if self.busy.here is not None and not self.workers.others:
            return None
        times = self.pauses.ends
        if self.space is not None and "train" in self.stages:
            times.append(self.training.due_at(self.space) or 0.0)
        others = (self.store.features.next_retry(), self.holding.next_look(), self.reading.next_try())
        return min((at for at in (*times, *others) if at is not None and at > self.clock()), default=None)

    def give(self, stage: Stage) -> None:
        """Give the worker here the next job of this stage."""
        waiting = len(self.store.files.some_paths(PAYS)) if self.space is None else self.pending
        urgent = waiting - (self.held[1] if self.held else 0)
        self.dispatch.give_here(stage, self._handlers[stage], urgent)

    def load_models(self) -> None:
        """Have the worker here load its models for a question from outside, if it has no job."""
        if self.busy.here is None and self.pauses.over("describe", self.clock()):
            self.give("describe")

    def give_others(self) -> None:
        """Give the other workers videos to extract, as many as they have room for."""
        if not self.workers.others or self.space is None or "extract" not in self.stages:
            return
        if not self.pauses.waits_for_moment(self.clock()):  # but a failure here keeps nobody else
            self.holding.look()
            self.dispatch.give_others()

    def take(self, report: Report | WorkerLost) -> set[str]:
        """Record one report and return the videos that it predicts. Drop reports of jobs that were given up."""
        given = self.busy.take(report)
        if given is None:
            return set()
        if given.worker == HERE and self.card.take(report, given.job):  # the job failed for the graphics card alone
            self.extracting.attempts.ended(report.job)
            self.controls.put_off()
            self.workers.unload()
            return set()
        works = self._handlers[given.stage].take(report, given)
        stage = stage_at(given.worker, given.stage)
        if isinstance(report, Failure) and not works:
            self._stage_failed(given, report)
        elif not isinstance(report, Failure | Step):
            self.pauses.worked(stage)
        return self.predicting.news(report)

    def _stage_failed(self, given: Given, report: Failure) -> None:
        """Have a stage wait, and report it."""
        stage, now = stage_at(given.worker, given.stage), self.clock()
        if given.worker == HERE:
            reason = f"the worker {report.reason}" if isinstance(report, WorkerLost) else report.reason
            told = f"{given.stage}: {reason}"
        else:
            cannot = "" if isinstance(report, WorkerLost) else "cannot work: "
            reason = told = f"{given.worker} {cannot}{report.reason}"
            if not self.pauses.over(stage, now):
                return  # it was lost with two jobs, and the loss is reported once
        self.pauses.failed(stage, reason, now)
        self.report(Fault("", told))

    def put_down(self) -> None:
        """Note that this is an orderly end, for which no video in flight is to blame."""
        self.extracting.attempts.put_down()
