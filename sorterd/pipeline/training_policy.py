"""When to train: what could be learned now, and whether that differs from what the model in use was made from. Pure."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

# Raised whenever the same library would be decided differently (tests/classifier/test_decision_method.py notices).
# 1: contrast with the inbox; 2: each video on its own; 3: all candidates count together; 4: captions, and modalities
# that agree count more; 5: by several modalities, never surer than the lead over the next folder allows, and captions
# by rules 4; 6: that, only as far as the modalities count the same; and a modality that tells nothing is silent; 7: by
# how much it favours the videos' own folders says whether it tells something.
DECISION_METHOD = 7

ENOUGH = 20  # videos of one folder: from there on, more of them change a model little


@dataclass(slots=True)
class TrainingSet:
    """What can be learned, kept up while videos are extracted one by one.

    `known` is how many labelled videos of each folder have features, `awaited` the folder of each that will have some,
    `failed` the folder of each that could not be extracted: it may be later, but nothing waits for it.
    """

    known: Counter[str] = field(default_factory=Counter)
    awaited: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    _still: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, labels: Mapping[str, str], extracted: Collection[str], hopeless: Collection[str] = ()) -> TrainingSet:
        """Count from all labels. `hopeless` are videos whose extraction has failed, for now or for good."""
        counted = cls()
        for video, label in labels.items():
            if video in extracted:
                counted.known[label] += 1
            else:
                (counted.failed if video in hopeless else counted.awaited)[video] = label
        counted._still.update(counted.awaited.values())
        return counted

    @property
    def labelled(self) -> int:
        """How many labelled videos have features."""
        return self.known.total()

    @property
    def wanted(self) -> frozenset[str]:
        """The folders that have had neither ENOUGH of their videos extracted nor all.

        A model that does not know a folder yet would put its videos into the others, and be sure of it.
        """
        return frozenset(label for label, count in self._still.items() if count and self.known[label] < ENOUGH)

    @property
    def poorest(self) -> frozenset[str]:
        """The folders with the fewest extracted videos among those that will have more."""
        counts = {label: self.known[label] for label, count in self._still.items() if count}
        fewest = min(counts.values(), default=0)
        return frozenset(label for label, count in counts.items() if count == fewest)

    def extracted(self, video: str) -> bool:
        """Note that this video has features now. Return whether that is one more to learn from."""
        self.give_up(video)
        label = self.failed.pop(video, None)
        if label is not None:
            self.known[label] += 1
        return label is not None

    def give_up(self, video: str) -> None:
        """Note that this video could not be extracted."""
        label = self.awaited.pop(video, None)
        if label is not None:
            self._still[label] -= 1
            self.failed[video] = label


@dataclass(frozen=True, slots=True)
class TrainedOn:
    """What a model was made from: how many labelled videos, of which folders, and a hash of all that counts.

    No videos: it makes first guesses, from captions alone. `folders` is None where an earlier version noted none.
    """

    labelled: int
    folders: frozenset[str] | None
    key: str


def training_key(
    labels: Mapping[str, str],
    rejections: Mapping[str, Collection[str]],
    extracted: Collection[str],
    categories: Collection[str],
    settings: str,
    digests: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return a hash of what a training would learn from. It differs whenever the outcome could differ.

    `digests` are those of the captions.
    """
    ready = sorted((video, label) for video, label in labels.items() if video in extracted)
    rejected = sorted((video, sorted(folders)) for video, folders in rejections.items() if video in extracted)
    learned_from = {video for video, _ in (*ready, *rejected)}
    said = sorted((video, digest) for video, digest in digests.items() if video in learned_from)
    text = json.dumps([ready, rejected, sorted(categories), settings, *([said] if said else [])])
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def training_due(
    training_set: TrainingSet,
    learned: TrainedOn | None,
    now_known: Callable[[], str],
    *,
    changed_at: float,
    trained_at: float,
    debounce: float,
    held: bool = False,
) -> float | None:
    """Return when to train, or None for not at all.

    `learned` is what the model in use was made from. `now_known` makes the key of what is known now, which is costly.
    `changed_at` is when a label last changed, `trained_at` when the last training began.

    A burst of drags is waited out (`debounce` after the last change), and until enough of each folder is extracted
    there is no training. While many more labelled videos wait for extraction, the first hours of a large library, a
    new model is worth it only when there is twice as much to learn from as for the last one, or a whole folder that it
    does not know: that one's videos would be put into the others. While the last few wait, corrections are learned at
    once, but each of those few is not worth a model of its own. While extraction is `held`, none of that is to be
    expected soon, so corrections are learned at once.
    """
    if training_set.labelled == 0 or training_set.wanted:
        return None
    if learned is None:
        return changed_at + debounce
    doubled = training_set.labelled >= 2 * learned.labelled
    unknown = learned.folders is not None and not learned.folders >= set(+training_set.known)
    if not doubled and not unknown and not held:
        if len(training_set.awaited) > training_set.labelled // 20:
            return None
        if training_set.awaited and changed_at <= trained_at and 20 * training_set.labelled < 21 * learned.labelled:
            return None
    return None if learned.key == now_known() else changed_at + debounce
