"""What could be learned now. It is worked out once, and kept up while videos are extracted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sorterd.features.settings import FeatureSpace
from sorterd.pipeline.training_policy import DECISION_METHOD, TrainingSet, training_key
from sorterd.store.store import Store


@dataclass(slots=True)
class Learnable:
    """The labelled videos, and the keys of all that a training would learn from. `settings` are those of a training.

    A key is made when it is asked for, because that is costly.
    """

    store: Store
    settings: str
    _training_set: TrainingSet | None = None
    _rejected: Collection[str] = ()
    _key: str | None = None
    _guess_key: str | None = None

    def recount(self) -> None:
        """Count again when it is next needed: labels, rejections or folders have changed."""
        self._training_set = self._key = self._guess_key = None

    def captions_changed(self) -> None:
        """Make the keys again when they are next needed."""
        self._key = self._guess_key = None

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

    def training_set(self, space: FeatureSpace) -> TrainingSet:
        """Return the labelled videos, by whether they have features."""
        if self._training_set is None:
            files, features = self.store.files, self.store.features
            self._rejected = files.rejections().keys()
            self._training_set = TrainingSet.of(files.labels(), features.extracted(space.id), features.hopeless())
        return self._training_set

    def only_guesses(self, space: FeatureSpace) -> bool:
        """Return whether there can only be a model for first guesses now, because too little is extracted."""
        training_set = self.training_set(space)
        return training_set.labelled == 0 or bool(training_set.wanted)

    def key(self, space: FeatureSpace) -> str:
        """Return the key of what a training would learn from now."""
        if self._key is None:
            self._key = self._key_of(self.store.features.extracted(space.id), self._digests(space))
        return self._key

    def guess_key(self, space: FeatureSpace) -> str:
        """Return the key of what first guesses could be made from, "" if there is too little or nothing to guess."""
        if self._guess_key is None:
            digests = self._digests(space)
            labels = self.store.files.labels()
            with_caption = {label for video, label in labels.items() if video in digests}
            asked = any(file.fingerprint in digests for file in self.store.files.inbox())
            self._guess_key = f"guess {self._key_of(digests, digests)}" if len(with_caption) > 1 and asked else ""
        return self._guess_key

    def _digests(self, space: FeatureSpace) -> Mapping[str, str]:
        return self.store.captions.digests() if space.worded else {}

    def _key_of(self, videos: Collection[str], digests: Mapping[str, str]) -> str:
        """Return the key of what could be learned from these videos."""
        files = self.store.files
        settings = f"{self.settings} {DECISION_METHOD}"  # a model of an earlier method is made again
        return training_key(files.labels(), files.rejections(), videos, files.folders(), settings, digests)
