"""When to train, and what the model in use was made from."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from sorterd.activity import Note, Reporter, TrainingEnded
from sorterd.backoff import StageBackoff
from sorterd.features.settings import FeatureSpace
from sorterd.pipeline.feature_space import SpaceInUse
from sorterd.pipeline.holding import Holding
from sorterd.pipeline.in_flight import Given
from sorterd.pipeline.jobs import PipelineSettings, feature_rows, rejected_rows
from sorterd.pipeline.learnable import Learnable
from sorterd.pipeline.model_in_use import model_in_use, predictor_in_use
from sorterd.pipeline.stage_handler import Failure
from sorterd.pipeline.stranger_share import ShareLearner
from sorterd.pipeline.training_policy import TrainedOn, training_due
from sorterd.store.listening import RowChange, listen
from sorterd.store.settings import LEARNED, LEARNED_NOTHING, MODEL, TRAINING
from sorterd.store.store import Store
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Train
from sorterd.worker.report_messages import Report, Trained

_BY_USER = "{}.source IN ('user', 'confirmed')"
_LABELS = (
    RowChange("files", "AFTER INSERT", condition=_BY_USER.format("NEW")),
    RowChange("files", "AFTER DELETE", condition=_BY_USER.format("OLD")),
    RowChange(
        "files",
        "AFTER UPDATE OF fingerprint, category, source",
        condition=f"{_BY_USER.format('NEW')} OR {_BY_USER.format('OLD')}",
    ),
    *(RowChange("rejections", f"AFTER {event}") for event in ("INSERT", "UPDATE", "DELETE")),
    *(RowChange("categories", f"AFTER {event}") for event in ("INSERT", "DELETE")),
)


@dataclass(slots=True)
class Training:
    """Begins and ends the trainings. `learnable` is what the next model would learn from.

    It hears of every change of a label, a rejection or a folder by itself. `pauses` are those of stages. `holding` says
    whether videos that wait for extraction will do so for a while.
    """

    store: Store
    settings: PipelineSettings
    clock: Callable[[], float]
    pauses: StageBackoff
    report: Reporter
    in_use: SpaceInUse
    holding: Holding
    learnable: Learnable = field(init=False)
    _share: ShareLearner = field(init=False)
    _changed_at: float = 0.0
    _read_at: float = 0.0
    _trained_at: float = 0.0
    _trained_on: TrainedOn | None = None

    def __post_init__(self) -> None:
        self.learnable = Learnable(self.store, self.settings.training())
        self._share = ShareLearner(self.store)
        captions = [RowChange("captions", f"AFTER {event}") for event in ("INSERT", "DELETE")]
        failures = [RowChange("failures", "AFTER DELETE")]
        listen(self.store.connection, "labels_changed", self._labels_changed, _LABELS)
        listen(self.store.connection, "captions_learned", self._captions_changed, captions)
        listen(self.store.connection, "failures_dropped", self.learnable.recount, failures)

    def _labels_changed(self) -> None:
        """A label has changed. The training waits a while, because more changes may follow."""
        self.learnable.recount()
        self._changed_at = self.clock()
        self.pauses.lift("train")

    def _captions_changed(self) -> None:
        """A caption was read. The training waits a while, because more may follow."""
        self.learnable.captions_changed()
        self._read_at = self.clock()

    @property
    def follows_label_change(self) -> bool:
        """Whether the user has changed a label, a rejection or a folder since the last training began."""
        return self._changed_at > self._trained_at

    def trust_own_moves(self) -> None:
        """Confirm our own moves that the user has left alone for as long as the config says. They then teach."""
        after = self.settings.trust_own_moves_after
        if after is not None:
            self.store.files.confirm_untouched(self.clock() - after)

    def predictor(self, space: FeatureSpace | None) -> str | None:
        """Return the id of the model in use and its settings. Predictions by another predictor are stale."""
        return predictor_in_use(self.store, space, self.settings.threshold)

    def learn_stranger_share(self, space: FeatureSpace) -> bool:
        """Work out from all predictions which share of the videos belongs nowhere.

        Return whether the share has changed, and with it the predictor.
        """
        model, predictor = model_in_use(self.store.notes, space), self.predictor(space)
        if model is None or predictor is None:
            return False
        filed = [count for count in self.learnable.training_set(space).known.values() if count]
        return self._share.learn(model, predictor, filed)

    def model_lost(self) -> None:
        """Have another model made, because the file of the one in use is gone or damaged."""
        self.store.notes.drop(MODEL)
        self.pauses.lift("train")

    def forget(self) -> None:
        """Make a training due even if nothing has changed since the last one."""
        self.store.notes.drop(LEARNED)
        self.store.notes.drop(LEARNED_NOTHING)

    def wanted(self, space: FeatureSpace, *, poorest: bool) -> Collection[str]:
        """Return the folders whose videos are to be extracted first, or with `poorest`, those with the fewest so far.

        While the backlog is held and there is no model, none is.
        """
        if self.holding.hold is not None and model_in_use(self.store.notes, space) is None:
            return ()
        training_set = self.learnable.training_set(space)
        return training_set.poorest if poorest else training_set.wanted

    def due(self) -> bool:
        """Return whether it is time to train."""
        at = None if self.in_use.space is None else self.due_at(self.in_use.space)
        return at is not None and at <= self.clock()

    def due_at(self, space: FeatureSpace) -> float | None:
        """Return when to train next, or None."""
        model = model_in_use(self.store.notes, space)
        learned = None if model is None else self._learned()
        changed_at = max(self._changed_at, self._read_at)
        due = training_due(
            self.learnable.training_set(space),
            learned,
            lambda: self.learnable.key(space),
            changed_at=changed_at,
            trained_at=self._trained_at,
            debounce=self.settings.debounce_seconds,
            held=self.holding.hold is not None,
        )
        if due is None and (learned is None or learned.labelled == 0) and self.learnable.only_guesses(space):
            known = ("", learned and learned.key)
            return None if self.learnable.guess_key(space) in known else changed_at + self.settings.debounce_seconds
        not_taken = None if due is None or model is None else self.store.notes.get(LEARNED_NOTHING)
        return None if not_taken is not None and not_taken == self.learnable.key(space) else due

    @property
    def guesses(self) -> bool:
        """Whether the model in use was made from captions alone. Nothing is moved on its word."""
        learned = self._learned()
        return learned is not None and learned.labelled == 0

    def _learned(self) -> TrainedOn | None:
        note = self.store.notes.get(LEARNED)
        if note is None:
            return None
        folders = note.get("folders")
        return TrainedOn(note["labelled"], None if folders is None else frozenset(folders), note["signature"])

    def job(self, number: int) -> Train:
        """Return the job that trains on what could be learned now."""
        space = self.in_use.space
        assert space is not None
        known = self.learnable.training_set(space).known
        self._trained_at = self.clock()
        if guess := self.learnable.only_guesses(space):
            self._trained_on = TrainedOn(0, frozenset(), self.learnable.guess_key(space))
        else:
            self._trained_on = TrainedOn(known.total(), frozenset(+known), self.learnable.key(space))
        labelled, unlabeled = feature_rows(self.store, space, with_captions_alone=guess)
        return Train(
            job=number,
            labelled=labelled,
            unlabeled=unlabeled,
            rejected=rejected_rows(self.store, space),
            categories=tuple(self.store.files.categories()),
            space=space.id,
            feature_space=space.model_id,
            modalities=space.modalities,
            candidates=self.settings.candidates,
            min_per_category=self.settings.min_per_category,
            now=self._trained_at,
            threshold=self.settings.threshold,
        )

    def take(self, report: Report | WorkerLost, _given: Given) -> bool:
        """Record how the training ended, and report it."""
        if isinstance(report, Trained):
            self.report(self._ended(report))
            self.pauses.mended("predict")  # if it failed, it was for the model before this one
        return not isinstance(report, Failure)

    def _ended(self, report: Trained) -> TrainingEnded | Note:
        """Record the outcome, and return what to tell of it."""
        summary = json.loads(report.summary)
        # What the job carried; labels that changed meanwhile give another key, and so another training.
        trained_on = self._trained_on
        assert trained_on is not None
        # Also when it was not swapped: the model in the folder may be one that this store has no record of.
        self.store.notes.put(MODEL, summary)
        if report.swapped or not trained_on.labelled:
            folders = sorted(trained_on.folders or ())
            learned = {"labelled": trained_on.labelled, "folders": folders, "signature": trained_on.key}
            self.store.notes.put(LEARNED, learned)
        else:
            self.store.notes.put(LEARNED_NOTHING, trained_on.key)
        if not trained_on.labelled:
            return Note("first guesses are made from captions, until enough videos have been looked at")
        self.store.notes.put(TRAINING, {"swapped": report.swapped, "worse": report.worse, "reason": report.reason})
        return TrainingEnded(str(summary.get("model_type")), trained_on.labelled, report.swapped, report.reason)
