"""What the worker is given, and what becomes of its answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sorterd.activity import ExtractionUnderway, Fault, Note, Reporter, StageProgress
from sorterd.backoff import StageBackoff
from sorterd.features.settings import FeatureSettings, FeatureSpace
from sorterd.pipeline import feature_space, jobs
from sorterd.pipeline.attempts import Attempts
from sorterd.pipeline.card import Card
from sorterd.pipeline.executor import Executor
from sorterd.pipeline.jobs import PipelineSettings
from sorterd.pipeline.schedule import Situation, Stage, next_stage
from sorterd.pipeline.stranger_share import ShareLearner, stranger_share
from sorterd.pipeline.throughput import Throughput
from sorterd.pipeline.training import Training
from sorterd.store.backlog import Backlog
from sorterd.store.features import Features
from sorterd.store.settings import MODEL, SPACE
from sorterd.store.store import Store
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.messages import (
    Describe,
    Described,
    DeviceRefused,
    Export,
    Extract,
    Extracted,
    ExtractFailed,
    Job,
    JobDone,
    JobFailed,
    Predicted,
    Report,
    Started,
    Trained,
    bare,
)

UNDERWAY_SECONDS = 60.0  # between two lines of a log on how far it is


@dataclass(slots=True)
class Pipeline:
    """Gives the worker one job at a time and records its answers in the store. Lives on the loop's thread."""

    root: Path
    store: Store
    worker: Executor
    settings: PipelineSettings
    report: Reporter
    clock: Callable[[], float] = time.time
    stages: frozenset[Stage] = frozenset({"extract", "train", "predict"})
    features: FeatureSettings = field(init=False)
    space: FeatureSpace | None = field(init=False)
    busy: Job | None = None
    extracted: int = 0
    card: Card = field(init=False)
    _training: Training = field(init=False)
    _share: ShareLearner = field(init=False)
    _backlog: Backlog | None = None
    _pace: Throughput = field(default_factory=Throughput)
    _pauses: StageBackoff = field(default_factory=StageBackoff)
    _jobs_given: int = 0
    _reported_at: float = float("-inf")
    _exported: bool = False
    _attempts: Attempts = field(init=False)

    def __post_init__(self) -> None:
        self._training = Training(self.store, self.settings, self.clock)
        self._share = ShareLearner(self.store)
        self.card = Card(self.report)
        self._attempts = Attempts(self.root, self.store, self.report, self.clock)
        self._attempts.recall()
        self.features = feature_space.settled(self.store.notes, self.settings.features)
        self.space = feature_space.remembered(self.store.notes, self.settings.features)

    # --- what there is to do ---

    def labels_changed(self) -> None:
        """Something that a model is made from has changed."""
        self._training.labels_changed()
        self._pauses.lift("train")

    def trust_own_moves(self) -> None:
        """Let our own moves teach that nobody has touched for as long as the config says."""
        if self._training.trust_own_moves():
            self.labels_changed()

    def do_again(self) -> None:
        """Train and predict, as far as these are this loop's stages, even where nothing has changed since."""
        if "train" in self.stages:
            self._training.forget()
        if "predict" in self.stages:
            self.store.predictions.clear()

    @property
    def model(self) -> dict[str, Any] | None:
        """The summary of the model in use, if it fits the current feature space."""
        return self._training.model(self.space)

    @property
    def predictor(self) -> str | None:
        """The name of the current model and settings; predictions by another judge are stale."""
        model = self.model
        if model is None:
            return None
        return jobs.predictor_id(model, self.settings.threshold, stranger_share(self.store, model))

    @property
    def problems(self) -> list[str]:
        """What keeps whole stages from working, one sentence each."""
        return self._pauses.reasons

    @property
    def pending(self) -> int:
        """How many videos wait for extraction."""
        return 0 if self.space is None else self.backlog(self.space).pending()

    @property
    def per_minute(self) -> float | None:
        """How many videos are extracted per minute, if that can be told."""
        return self._pace.per_minute(self.clock())

    def backlog(self, space: FeatureSpace) -> Backlog:
        """What waits in this feature space."""
        if self._backlog is None or self._backlog.space != space.id:
            self._backlog = Backlog(self.store.connection, space.id)
        return self._backlog

    def situation(self) -> Situation:
        """What waits, as the schedule wants it."""
        if self.space is None:
            return Situation(described=False, unextracted=False, unpredicted=False, train_at=None)
        predictor = self.predictor
        return Situation(
            described=True,
            unextracted=self.backlog(self.space).any_due(self.clock()),
            unpredicted=predictor is not None and self.backlog(self.space).any_unpredicted(predictor),
            train_at=self._training.due_at(self.space) if "train" in self.stages else None,
            unexported=not self._exported,
        )

    @property
    def training_is_due(self) -> bool:
        """Whether the model in use lacks something that it will be taught: what it is sure of may be wrong then."""
        if self.space is None or "train" not in self.stages:
            return False
        return bool(self._training.training_set(self.space).wanted) or self._training.due_at(self.space) is not None

    @property
    def all_predicted(self) -> bool:
        """Whether the model has had its word on all that is extracted, and knows all that it will be taught."""
        if self.busy is not None or self.predictor is None or self.training_is_due:
            return False
        return not self.situation().unpredicted

    def learn_stranger_share(self) -> bool:
        """Once all is predicted and nothing waits for extraction, work out which share of it belongs nowhere.

        Return whether that is another share than before, and with it another predictor.
        """
        model, predictor = self.model, self.predictor
        if model is None or predictor is None or self.space is None or self.pending:
            return False
        known = self._training.training_set(self.space).known
        return self._share.learn(model, predictor, [count for count in known.values() if count])

    def next_stage(self) -> Stage | None:
        """What the worker could do right now; None also while it is busy."""
        if self.busy is not None:
            return None
        now = self.clock()
        allowed = frozenset(stage for stage in self.stages if self._pauses.over(stage, now))
        stage = next_stage(self.situation(), allowed, now=now)
        return None if stage == "describe" and not self._pauses.over(stage, now) else stage

    def wake_at(self) -> float | None:
        """When there may be something to do again without anything happening; while the worker is busy, its report."""
        if self.busy is not None:
            return None
        times = self._pauses.ends
        if self.space is not None and "train" in self.stages:
            times.append(self._training.due_at(self.space) or 0.0)
        times.append(self.store.features.next_retry() or 0.0)
        return min((at for at in times if at > self.clock()), default=None)

    # --- giving work ---

    def give(self, stage: Stage) -> None:
        """Submit the next job of this stage."""
        self._jobs_given += 1
        job = self._job(stage, self._jobs_given)
        self.busy = bare(job)
        self.worker.submit(job)

    def _job(self, stage: Stage, number: int) -> Job:
        if stage == "describe":
            return Describe(number)
        assert self.space is not None
        if stage == "extract":
            wanted = self._training.training_set(self.space).wanted if "train" in self.stages else ()
            waiting, suspects = self.backlog(self.space), self._attempts.suspects
            most, width = jobs.batch(self.per_minute), sum(self.space.widths)
            return jobs.extract(
                *(number, waiting, self.root, suspects), now=self.clock(), most=most, wanted=wanted, width=width
            )
        if stage == "train":
            return self._training.begin(number, self.space)
        if stage == "export":
            return jobs.export(number, self.store, self.space)
        model = self.model
        assert model is not None
        waiting, share = self.backlog(self.space), stranger_share(self.store, model)
        return jobs.predict(number, self.store, waiting, self.space, self.settings, model, share)

    def put_down(self) -> None:
        """The end is an orderly one: no video in hand is to blame for it."""
        self._attempts.put_down()

    # --- taking answers ---

    def take(self, report: Report | WorkerLost) -> set[str]:
        """Record one report and return the videos that it predicts. Reports of jobs long given up are dropped."""
        if self.busy is None or report.job != self.busy.job:
            return set()
        if isinstance(self.busy, Extract) and isinstance(report, JobDone | JobFailed | DeviceRefused | WorkerLost):
            self._attempts.put_down()
        if self.card.take(report, self.busy):  # the job failed for the graphics card alone
            self.busy = None
            self.worker.unload()
            return set()
        match report:
            case Described():
                found = FeatureSpace(report.space, report.widths, report.models, report.device)
                feature_space.remember(self.store.notes, self.settings.features, found)
                self.features = feature_space.settled(self.store.notes, self.settings.features)
                self.space = found
                self._training.count_anew()
                self._finish()
                self.report(Note(f"using the {found.models} models on {found.device}"))
            case Started():
                self._attempts.begun(report.fingerprint)
            case Extracted():
                self._attempts.answered(report.fingerprint)
                self._keep(report)
            case ExtractFailed():
                self._attempts.answered(report.fingerprint)
                self._attempt_failed(report.fingerprint, report.reason, transient=report.transient)
            case Trained():
                self.report(self._training.end(report))
                self._pauses.mended("predict")  # if it failed, it was for the model before this one
                self._finish()
            case Predicted():
                return self._keep_predictions(report)
            case JobDone():
                self._exported = isinstance(self.busy, Export)
                self._finish()
            case JobFailed() | DeviceRefused():
                self._job_failed(report.reason)
            case WorkerLost():
                self._lost(report)
        return set()

    def _finish(self) -> None:
        assert self.busy is not None
        self._pauses.worked(jobs.stage_of(self.busy))
        self.busy = None

    def _keep(self, report: Extracted) -> None:
        assert self.space is not None
        features = Features(report.fingerprint, report.vector, report.transcript, report.language, report.audio)
        self.store.features.add(features, self.space.id, now=self.clock())
        self._attempts.cleared(report.fingerprint)
        self.extracted += 1
        self._training.extracted(report.fingerprint)
        self._report_progress()

    def _attempt_failed(self, fingerprint: str, reason: str, *, transient: bool) -> None:
        if self._attempts.failed(fingerprint, reason, transient=transient):
            self._training.failed(fingerprint)
            self._report_progress()
        else:
            self._pauses.wait("extract", self.clock() + 1.0)  # the next sync tells where it is

    def _report_progress(self) -> None:
        now, waiting = self.clock(), self.pending
        self._pace.finished(now)
        self.report(StageProgress("extract", self.extracted, self.extracted + waiting, self.per_minute))
        if self.per_minute is not None and waiting and not 0 <= now - self._reported_at < UNDERWAY_SECONDS:
            self._reported_at = now
            self.report(ExtractionUnderway(self.extracted, waiting, self.per_minute))

    def _keep_predictions(self, report: Predicted) -> set[str]:
        predictor = self.predictor or ""
        with self.store.transaction():
            for video, prediction in report.predictions:
                self.store.predictions.put(video, predictor, prediction, now=self.clock())
        self._finish()
        return {video for video, _ in report.predictions}

    def _job_failed(self, reason: str) -> None:
        assert self.busy is not None
        stage = jobs.stage_of(self.busy)
        if stage == "predict":  # the model file is damaged or gone: make another
            self.store.notes.drop(MODEL)
        if stage == "extract":  # the models may be others than they were: ask them at the next start
            self.store.notes.drop(SPACE)
        self._pause(stage, reason)

    def _pause(self, stage: str, reason: str) -> None:
        self._pauses.failed(stage, reason, self.clock())
        self.busy = None
        self.report(Fault("", f"{stage}: {reason}"))

    def _lost(self, report: WorkerLost) -> None:
        assert self.busy is not None
        stage = jobs.stage_of(self.busy)
        if stage != "extract" or not report.in_flight:
            self._pause(stage, f"the worker {report.reason}")
            return
        self.busy = None
        if len(report.in_flight) == 1:
            self._attempt_failed(report.in_flight[0], f"the worker {report.reason}", transient=True)
        else:
            self._attempts.suspects.update(report.in_flight)
