"""Record the worker's reports in the store, and decide when to try again what failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from sorterd.activity import Fault, Note, Reporter
from sorterd.backoff import UNTIL_SYNC, StageBackoff
from sorterd.features.settings import FeatureSpace
from sorterd.pipeline import jobs
from sorterd.pipeline.attempts import Attempts
from sorterd.pipeline.drawing import Drawing
from sorterd.pipeline.executor import HERE
from sorterd.pipeline.feature_space import SpaceInUse
from sorterd.pipeline.progress import ExtractionProgress
from sorterd.pipeline.reading import Reading
from sorterd.pipeline.training import Training
from sorterd.prediction import Prediction
from sorterd.store.features import Features
from sorterd.store.settings import SPACE
from sorterd.store.store import Store
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Export, Extract, Job, Pictures, Read
from sorterd.worker.report_messages import (
    Described,
    DeviceRefused,
    Extracted,
    ExtractFailed,
    JobDone,
    JobFailed,
    Placed,
    Predicted,
    Report,
    Started,
    Step,
    Trained,
)


def stage_at(worker: str, stage: str) -> str:
    """Return the name under which a stage fails and waits: each worker for itself."""
    return stage if worker == HERE else f"{stage} on {worker}"


@dataclass(slots=True)
class Recorder:
    """Records reports one by one. `pauses` are those of stages, `exported` says whether the last job was an export."""

    root: Path
    store: Store
    report: Reporter
    clock: Callable[[], float]
    in_use: SpaceInUse
    training: Training
    pauses: StageBackoff
    progress: ExtractionProgress
    drawing: Drawing
    reading: Reading
    exported: bool = False
    attempts: Attempts = field(init=False)

    def __post_init__(self) -> None:
        self.attempts = Attempts(self.root, self.store, self.report, self.clock)
        self.attempts.recall()

    def record(self, report: Report | WorkerLost, job: Job, worker: str) -> None:
        """Record one report of this worker on `job`."""
        stage = stage_at(worker, jobs.stage_of(job))
        if isinstance(job, Extract) and not isinstance(report, Step):
            self._extraction_ended(report, worker)
        if isinstance(job, Pictures) and self.drawing.take(report):
            return
        if isinstance(job, Read) and self.reading.take(report, job):
            if isinstance(report, JobDone):
                self.pauses.worked(stage)
            return
        match report:
            case Started():
                self.attempts.begun(report.job, report.fingerprint)
            case Extracted():
                self.attempts.answered(report.fingerprint)
                self._extracted(report, worker)
            case ExtractFailed() if worker != HERE:
                self.attempts.answered(report.fingerprint)
                self.attempts.at_home.add(report.fingerprint)
            case ExtractFailed():
                self.attempts.answered(report.fingerprint)
                self._video_failed(report.fingerprint, report.reason, worker, transient=report.transient)
            case Placed():  # for the card alone
                pass
            case JobFailed() | DeviceRefused():
                self._job_failed(stage, report.reason, worker)
            case WorkerLost():
                self._worker_lost(stage, report, worker)
            case _:
                self._done(report, job)
                self.pauses.worked(stage)

    def _done(self, report: Report, job: Job) -> None:
        match report:
            case Described():
                found = FeatureSpace(report.space, report.modalities, report.models, report.device)
                self.in_use.found(found)
                self.training.learnable.recount()
                self.report(Note(f"using the {found.models} models on {found.device}"))
            case Trained():
                self.report(self.training.end(report))
                self.pauses.mended("predict")  # if it failed, it was for the model before this one
            case Predicted():
                predictor = self.training.predictor(self.in_use.space) or ""
                with self.store.transaction():
                    for video, prediction in report.predictions:
                        said = prediction if self.may_move_on(video) else _first_guess(prediction)
                        self.store.predictions.put(video, predictor, said, now=self.clock())
            case JobDone():
                self.exported = isinstance(job, Export)

    def predicted(self, report: Report | WorkerLost) -> set[str]:
        """Return the videos that this report predicts and that may be moved for it."""
        predictions = report.predictions if isinstance(report, Predicted) else ()
        return {video for video, _ in predictions if self.may_move_on(video)}

    def may_move_on(self, video: str) -> bool:
        """Return whether the model's prediction of this video is more than a first guess."""
        space = self.in_use.space
        return space is not None and not self.training.guesses and self.store.features.has(video, space.id)

    def _extraction_ended(self, report: Report | WorkerLost, worker: str) -> None:
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

    def _video_failed(self, fingerprint: str, reason: str, worker: str, *, transient: bool) -> None:
        if self.attempts.failed(fingerprint, reason, transient=transient):
            self.training.learnable.failed(fingerprint)
            self.progress.failed(worker)
        else:
            self.pauses.wait("extract", self.clock() + UNTIL_SYNC)

    def _job_failed(self, stage: str, reason: str, worker: str) -> None:
        if stage == "predict":  # the model file is damaged or gone: make another
            self.training.model_lost()
        if stage == "extract":  # the models may be others than they were: ask them at the next start
            self.store.notes.drop(SPACE)
        self._stage_failed(stage, reason if worker == HERE else f"cannot work: {reason}", worker)

    def _stage_failed(self, stage: str, reason: str, worker: str) -> None:
        if worker != HERE and not self.pauses.over(stage, self.clock()):
            return  # it was lost with two jobs, and the loss is reported once
        told = f"{stage}: {reason}" if worker == HERE else f"{worker} {reason}"
        self.pauses.failed(stage, reason if worker == HERE else told, self.clock())
        self.report(Fault("", told))

    def _worker_lost(self, stage: str, report: WorkerLost, worker: str) -> None:
        if stage != stage_at(worker, "extract") or not report.in_flight:
            self._stage_failed(stage, f"the worker {report.reason}" if worker == HERE else report.reason, worker)
        elif worker != HERE:  # a crash elsewhere makes no video fail: each is tried here, alone
            self.attempts.suspects.update(report.in_flight)
            self.attempts.at_home.update(report.in_flight)
            self.report(Note(f"{worker}: the worker {report.reason}; what it was looking at is looked at here"))
        elif len(report.in_flight) == 1:
            self._video_failed(report.in_flight[0], f"the worker {report.reason}", worker, transient=True)
        else:
            self.attempts.suspects.update(report.in_flight)


def _first_guess(prediction: Prediction) -> Prediction:
    """Return a prediction from captions as one on which nothing is moved."""
    return replace(prediction, move=False, reason=f"a first guess, from captions alone: {prediction.reason}")
