"""The model in use and the next one: what each is made from, and when to train."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sorterd.activity import Note, TrainingEnded
from sorterd.backoff import StageBackoff
from sorterd.features.settings import FeatureSpace
from sorterd.pipeline import jobs
from sorterd.pipeline.jobs import PipelineSettings
from sorterd.pipeline.stranger_share import ShareLearner, stranger_share
from sorterd.pipeline.training_policy import DECISION_METHOD, TrainedOn, TrainingSet, training_due, training_key
from sorterd.store.listening import RowChange, listen
from sorterd.store.settings import LEARNED, LEARNED_NOTHING, MODEL, TRAINING
from sorterd.store.store import Store
from sorterd.worker.job_messages import Train
from sorterd.worker.report_messages import Trained

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
    """Knows what the next model would learn from, and what the model in use was made from.

    It hears of every change of a label, a rejection or a folder by itself. `pauses` are those of stages. `held`: videos
    that wait for extraction will do so for a while.
    """

    store: Store
    settings: PipelineSettings
    clock: Callable[[], float]
    pauses: StageBackoff
    held: bool = False
    _share: ShareLearner = field(init=False)
    _changed_at: float = 0.0
    _trained_at: float = 0.0
    _training_set: TrainingSet | None = None
    _rejected: Collection[str] = ()
    _read_at: float = 0.0
    _key: str | None = None
    _guess_key: str | None = None
    _trained_on: TrainedOn | None = None

    def __post_init__(self) -> None:
        self._share = ShareLearner(self.store)
        listen(self.store.connection, "labels_changed", self._labels_changed, _LABELS)
        captions = [RowChange("captions", f"AFTER {event}") for event in ("INSERT", "DELETE")]
        listen(self.store.connection, "captions_learned", self._captions_changed, captions)
        listen(self.store.connection, "failures_dropped", self.recount, [RowChange("failures", "AFTER DELETE")])

    def model(self, space: FeatureSpace | None) -> dict[str, Any] | None:
        """Return the summary of the model in use, if it fits this feature space."""
        note = self.store.notes.get(MODEL)
        if note is None or space is None or note["feature_space"] != space.model_id:
            return None
        return dict(note)

    def _labels_changed(self) -> None:
        """A label has changed. The training waits a while, because more changes may follow."""
        self.recount()
        self._changed_at = self.clock()
        self.pauses.lift("train")

    def _captions_changed(self) -> None:
        """A caption was read. The training waits a while, because more may follow."""
        self._key = self._guess_key = None
        self._read_at = self.clock()

    @property
    def follows_label_change(self) -> bool:
        """Whether the user has changed a label, a rejection or a folder since the last training began."""
        return self._changed_at > self._trained_at

    def recount(self) -> None:
        """Count again what could be learned when it is next needed."""
        self._training_set = self._key = self._guess_key = None

    def extracted(self, video: str) -> None:
        """Note that a video has features now."""
        if self._training_set is not None and (self._training_set.extracted(video) or video in self._rejected):
            self._key = None

    def failed(self, video: str) -> None:
        """Note that a video could not be extracted."""
        if self._training_set is not None:
            self._training_set.give_up(video)

    def await_no_more(self, space: FeatureSpace) -> None:
        """Learn from what is extracted as if there were no more labelled videos."""
        for video in list(self.training_set(space).awaited):
            self.failed(video)

    def trust_own_moves(self) -> None:
        """Confirm our own moves that the user has left alone for as long as the config says. They then teach."""
        after = self.settings.trust_own_moves_after
        if after is not None:
            self.store.files.confirm_untouched(self.clock() - after)

    def predictor(self, space: FeatureSpace | None) -> str | None:
        """Return the name of the model in use and its settings. Predictions by another predictor are stale."""
        model = self.model(space)
        if model is None:
            return None
        return jobs.predictor_id(model, self.settings.threshold, stranger_share(self.store, model))

    def learn_stranger_share(self, space: FeatureSpace) -> bool:
        """Work out from all predictions which share of the videos belongs nowhere.

        Return whether the share has changed, and with it the predictor.
        """
        model, predictor = self.model(space), self.predictor(space)
        if model is None or predictor is None:
            return False
        filed = [count for count in self.training_set(space).known.values() if count]
        return self._share.learn(model, predictor, filed)

    def model_lost(self) -> None:
        """Have another model made, because the file of the one in use is gone or damaged."""
        self.store.notes.drop(MODEL)
        self.pauses.lift("train")

    def forget(self) -> None:
        """Make a training due even if nothing has changed since the last one."""
        self.store.notes.drop(LEARNED)
        self.store.notes.drop(LEARNED_NOTHING)

    def training_set(self, space: FeatureSpace) -> TrainingSet:
        """Return what could be learned now."""
        if self._training_set is None:
            features = self.store.features
            self._rejected = self.store.files.rejections().keys()
            self._training_set = TrainingSet.of(
                self.store.files.labels(), features.extracted(space.id), features.hopeless()
            )
        return self._training_set

    def wanted(self, space: FeatureSpace, *, poorest: bool) -> Collection[str]:
        """Return the folders whose videos are to be extracted first, or with `poorest`, those with the fewest so far.

        While the backlog is held and there is no model, none is.
        """
        if self.held and self.model(space) is None:
            return ()
        training_set = self.training_set(space)
        return training_set.poorest if poorest else training_set.wanted

    def due_at(self, space: FeatureSpace) -> float | None:
        """Return when to train next, or None."""
        model = self.model(space)
        learned = None if model is None else self._learned()
        changed_at = max(self._changed_at, self._read_at)
        due = training_due(
            self.training_set(space),
            learned,
            lambda: self._known(space),
            changed_at=changed_at,
            trained_at=self._trained_at,
            debounce=self.settings.debounce_seconds,
            held=self.held,
        )
        if due is None and (learned is None or learned.labelled == 0):
            guess = self._guessed_from(space) if self._only_guesses(space) else ""
            return changed_at + self.settings.debounce_seconds if guess not in ("", learned and learned.key) else None
        rejected = None if due is None or model is None else self.store.notes.get(LEARNED_NOTHING)
        if rejected is not None and rejected == self._known(
            space
        ):  # trained on exactly this, and the model was not taken
            return None
        return due

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

    def _only_guesses(self, space: FeatureSpace) -> bool:
        """Return whether there can only be a model for first guesses now, because too little is extracted."""
        training_set = self.training_set(space)
        return training_set.labelled == 0 or bool(training_set.wanted)

    def _guessed_from(self, space: FeatureSpace) -> str:
        """Return the key of what first guesses could be made from, "" if there is too little or nothing to guess."""
        if self._guess_key is None:
            digests = self.store.captions.digests() if space.worded else {}
            labels = self.store.files.labels()
            told = {label for video, label in labels.items() if video in digests}
            asked = any(file.fingerprint in digests for file in self.store.files.inbox())
            self._guess_key = f"guess {self._key_of(digests, digests)}" if len(told) > 1 and asked else ""
        return self._guess_key

    def begin(self, number: int, space: FeatureSpace) -> Train:
        """Return the job that trains on what could be learned now."""
        known = self.training_set(space).known
        self._trained_at = self.clock()
        if guess := self._only_guesses(space):
            self._trained_on = TrainedOn(0, frozenset(), self._guessed_from(space))
        else:
            self._trained_on = TrainedOn(known.total(), frozenset(+known), self._known(space))
        return jobs.train(number, self.store, space, self.settings, now=self._trained_at, guess=guess)

    def _known(self, space: FeatureSpace) -> str:
        """Return the key of what could be learned now."""
        if self._key is None:
            digests = self.store.captions.digests() if space.worded else {}
            self._key = self._key_of(self.store.features.extracted(space.id), digests)
        return self._key

    def _key_of(self, known: Collection[str], digests: Mapping[str, str]) -> str:
        """Return the key of what could be learned from the videos that are `known`."""
        files = self.store.files
        settings = f"{self.settings.training()} {DECISION_METHOD}"  # a model of an earlier method is made again
        return training_key(files.labels(), files.rejections(), known, files.folders(), settings, digests)

    def end(self, report: Trained) -> TrainingEnded | Note:
        """Record how the training ended, and return what to tell of it."""
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
        self.store.notes.put(TRAINING, report.reason)
        return TrainingEnded(str(summary.get("model_type")), trained_on.labelled, report.swapped, report.reason)
