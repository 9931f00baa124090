"""What the worker is given, and what becomes of its answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sorterd.daemon import jobs, retry, space
from sorterd.daemon.happenings import Learned, Note, Tell, Trouble
from sorterd.daemon.jobs import WorkSettings
from sorterd.daemon.learning import Lessons, lessons, training_due
from sorterd.daemon.schedule import Situation, Stage, next_stage
from sorterd.features.settings import FeatureSettings, FeatureSpace
from sorterd.store.features import Features
from sorterd.store.predictions import Prediction
from sorterd.store.store import Store
from sorterd.worker.messages import (
    Describe,
    Described,
    Export,
    Extracted,
    Job,
    JobDone,
    JobFailed,
    Predicted,
    Report,
    Started,
    Trained,
    Unreadable,
)
from sorterd.worker.supervisor import Lost


class WorkerLike(Protocol):
    """All that the daemon knows of the place where work runs."""

    def submit(self, job: Job) -> None:
        """Take one job; its reports come to the callback that the worker was made with."""


@dataclass(slots=True)
class Work:
    """Gives the worker one job at a time and records its answers in the store. Lives on the loop's thread."""

    root: Path
    store: Store
    worker: WorkerLike
    settings: WorkSettings
    tell: Tell
    clock: Callable[[], float] = time.time
    stages: frozenset[Stage] = frozenset({"extract", "train", "predict"})
    features: FeatureSettings = field(init=False)
    space: FeatureSpace | None = field(init=False)
    busy: Job | None = None
    changed_at: float = 0.0
    extracted: int = 0
    _jobs_given: int = 0
    _exported: bool = False
    _taught: Lessons | None = None
    _alone: set[str] = field(default_factory=set)
    _now_known: Lessons | None = None
    _failures: dict[str, int] = field(default_factory=dict)
    _not_before: dict[str, float] = field(default_factory=dict)
    _problems: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.features = space.settled(self.store.notes, self.settings.features)
        self.space = space.remembered(self.store.notes, self.settings.features)

    # --- what there is to do ---

    def labels_changed(self) -> None:
        """Something that a model is made from has changed."""
        self._now_known = None
        self.changed_at = self.clock()
        self._not_before.pop("train", None)

    def trust_own_moves(self) -> None:
        """Let our own moves teach that nobody has touched for as long as the config says."""
        after = self.settings.trust_own_moves_after
        if after is not None and self.store.files.confirm_untouched(self.clock() - after):
            self.labels_changed()

    def do_afresh(self) -> None:
        """Do this loop's stages even where nothing has changed since they were last done."""
        if "train" in self.stages:
            self.store.notes.drop("learned")
            self.store.notes.drop("learned_nothing")
        if "predict" in self.stages:
            self.store.predictions.clear()

    @property
    def model(self) -> dict[str, Any] | None:
        """The summary of the model in use, if it fits the current feature space."""
        note = self.store.notes.get("model")
        if note is None or self.space is None or note["feature_space"] != self.space.id:
            return None
        return dict(note)

    @property
    def judge(self) -> str | None:
        """The name of the current model and settings; predictions by another judge are stale."""
        model = self.model
        return None if model is None else jobs.judge_name(model, self.settings.threshold)

    @property
    def problems(self) -> list[str]:
        """What keeps whole stages from working, one sentence each."""
        return sorted(set(self._problems.values()))

    def situation(self) -> Situation:
        """What waits, as the schedule wants it."""
        if self.space is None:
            return Situation(described=False, unextracted=False, unjudged=False, train_at=None)
        judge = self.judge
        return Situation(
            described=True,
            unextracted=bool(self.store.features.queue(self.space.id, now=self.clock(), limit=1)),
            unjudged=judge is not None and bool(self.store.predictions.unjudged(self.space.id, judge, 1)),
            train_at=self.training_at() if "train" in self.stages else None,
            unexported=not self._exported,
        )

    @property
    def has_lessons_to_learn(self) -> bool:
        """Whether the model in use lacks something that it will be taught: what it is sure of may be wrong then."""
        if self.space is None or "train" not in self.stages:
            return False
        return not self._lessons().enough or self.training_at() is not None

    def next_stage(self) -> Stage | None:
        """What the worker could do right now; None also while it is busy."""
        if self.busy is not None:
            return None
        now = self.clock()
        allowed = frozenset(stage for stage in self.stages if self._not_before.get(stage, 0.0) <= now)
        stage = next_stage(self.situation(), allowed, now=now)
        return None if stage == "describe" and self._not_before.get(stage, 0.0) > now else stage

    def training_at(self) -> float | None:
        """When to train next, or None."""
        assert self.space is not None
        note = self.store.notes.get("learned")
        learned = None if note is None or self.model is None else Lessons(note["labelled"], note["signature"])
        rejected = self.store.notes.get("learned_nothing")  # trained, but there was nothing better in it
        if rejected is not None and rejected == self._lessons().signature and self.model is not None:
            return None
        return training_due(
            self._lessons(),
            learned,
            pending=self.store.features.pending_labelled(self.space.id),
            changed_at=self.changed_at,
            debounce=self.settings.debounce_seconds,
        )

    def wake_at(self) -> float | None:
        """When there may be something to do again without anything happening; while the worker is busy, its report."""
        if self.busy is not None:
            return None
        times = list(self._not_before.values())
        if self.space is not None and "train" in self.stages and (at := self.training_at()) is not None:
            times.append(at)
        retry_at = self.store.features.next_retry()
        if retry_at is not None:
            times.append(retry_at)
        return min((at for at in times if at > self.clock()), default=None)

    def _lessons(self) -> Lessons:
        if self._now_known is None:
            assert self.space is not None
            files = self.store.files
            self._now_known = lessons(
                files.labels(),
                files.refusals(),
                self.store.features.extracted(self.space.id),
                files.categories(),
                self.settings.training(),
                hopeless=self.store.features.hopeless(),
            )
        return self._now_known

    # --- giving work ---

    def give(self, stage: Stage) -> None:
        """Submit the next job of this stage."""
        self._jobs_given += 1
        job = self._job(stage, self._jobs_given)
        self.busy = job
        self.worker.submit(job)

    def _job(self, stage: Stage, number: int) -> Job:
        if stage == "describe":
            return Describe(number)
        assert self.space is not None
        if stage == "extract":
            return jobs.extract(number, self.store, self.root, self.space, self._alone, now=self.clock())
        if stage == "train":
            self._taught = self._lessons()
            return jobs.train(number, self.store, self.space, self.settings, now=self.clock())
        if stage == "export":
            return jobs.export(number, self.store, self.space)
        model = self.model
        assert model is not None
        return jobs.predict(number, self.store, self.space, self.settings, model)

    # --- taking answers ---

    def take(self, report: Report | Lost) -> list[Prediction]:
        """Record one report; new predictions are also given back. Reports of jobs long given up are dropped."""
        if self.busy is None or report.job != self.busy.job:
            return []
        match report:
            case Described():
                found = FeatureSpace(report.space, report.widths, report.models, report.device)
                space.remember(self.store.notes, self.settings.features, found)
                self.features = space.settled(self.store.notes, self.settings.features)
                self.space = found
                self._now_known = None
                self.tell(Note(f"using the {found.models} models on {found.device}"))
                self._finish("describe")
            case Extracted():
                self._keep(report)
            case Unreadable():
                self._strike(report.fingerprint, report.reason, transient=report.transient)
            case Trained():
                self._swap(report)
                self._finish("train")
            case Predicted():
                return self._keep_predictions(report)
            case JobDone():
                self._exported = isinstance(self.busy, Export)
                self._finish(_stage_of(self.busy))
            case JobFailed():
                self._job_failed(report.reason)
            case Lost():
                self._lost(report)
            case Started():
                pass
        return []

    def _finish(self, stage: str) -> None:
        self.busy = None
        self._failures.pop(stage, None)
        self._problems.pop(stage, None)

    def _keep(self, report: Extracted) -> None:
        assert self.space is not None
        features = Features(report.fingerprint, report.vector, report.transcript, report.language, report.audio)
        self.store.features.add(features, self.space.id, now=self.clock())
        self._alone.discard(report.fingerprint)
        self.extracted += 1
        self._now_known = None

    def _strike(self, fingerprint: str, reason: str, *, transient: bool) -> None:
        places = self.store.files.places(fingerprint)
        path = places[0].path if places else ""
        self._alone.discard(fingerprint)
        if not any((self.root / place.path).exists() for place in places):
            # Moved or deleted after it was queued; the next look tells where it is. Not the file's fault.
            self._not_before["extract"] = self.clock() + 1.0
            return
        again = retry.after_failure(
            self.store.features.attempts(fingerprint), transient=transient, now=self.clock()
        )
        self.store.features.fail(
            fingerprint, reason, attempts=again.attempts, retry_at=again.at, failed=again.given_up
        )
        self._now_known = None
        self.tell(Trouble(path, reason))

    def _swap(self, report: Trained) -> None:
        summary = json.loads(report.summary)
        # What the job carried; labels that changed meanwhile give another signature, and so another training.
        taught = self._taught
        assert taught is not None
        # Also when it was not swapped: the model in the folder may be one that this store has no record of.
        self.store.notes.put("model", summary)
        if report.swapped:
            self.store.notes.put("learned", {"labelled": taught.labelled, "signature": taught.signature})
        else:
            self.store.notes.put("learned_nothing", taught.signature)
        self.store.notes.put("training", report.reason)
        self.tell(Learned(str(summary.get("model_type")), taught.labelled, report.swapped, report.reason))

    def _keep_predictions(self, report: Predicted) -> list[Prediction]:
        judge = self.judge or ""
        found = [
            Prediction(word.fingerprint, judge, word.folder, word.confidence, word.top, word.move, word.reason)
            for word in report.guesses
        ]
        with self.store.transaction():
            for prediction in found:
                self.store.predictions.put(prediction, now=self.clock())
        self._finish("predict")
        return found

    def _job_failed(self, reason: str) -> None:
        assert self.busy is not None
        stage = _stage_of(self.busy)
        if stage == "predict":  # the model file is damaged or gone: make another
            self.store.notes.drop("model")
        if stage == "extract":  # the models may be others than they were: ask them at the next start
            self.store.notes.drop("space")
        self._pause(stage, reason)

    def _pause(self, stage: str, reason: str) -> None:
        before = self._failures.get(stage, 0)
        self._failures[stage] = before + 1
        self._not_before[stage] = self.clock() + retry.delay(before)
        self._problems[stage] = reason
        self.busy = None
        self.tell(Trouble("", f"{stage}: {reason}"))

    def _lost(self, report: Lost) -> None:
        assert self.busy is not None
        stage = _stage_of(self.busy)
        if stage != "extract" or not report.in_hand:
            self._pause(stage, f"the worker {report.reason}")
            return
        self.busy = None
        if len(report.in_hand) == 1:
            self._strike(report.in_hand[0], f"the worker {report.reason}", transient=True)
        else:
            self._alone.update(report.in_hand)


def _stage_of(job: Job) -> str:
    return type(job).__name__.lower()
