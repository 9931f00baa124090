"""The model in use and the next one: what each is made from, and when it is time."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sorterd.daemon import jobs
from sorterd.daemon.happenings import Learned
from sorterd.daemon.jobs import WorkSettings
from sorterd.daemon.learning import Lessons, lessons, training_due
from sorterd.features.settings import FeatureSpace
from sorterd.store.store import Store
from sorterd.worker.messages import Train, Trained


@dataclass(slots=True)
class Training:
    """Knows what there is to learn and what was learned from it."""

    store: Store
    settings: WorkSettings
    clock: Callable[[], float]
    _changed_at: float = 0.0
    _now_known: Lessons | None = None
    _taught: Lessons | None = None

    def model(self, space: FeatureSpace | None) -> dict[str, Any] | None:
        """The summary of the model in use, if it fits this feature space."""
        note = self.store.notes.get("model")
        if note is None or space is None or note["feature_space"] != space.id:
            return None
        return dict(note)

    def lessons_changed(self) -> None:
        """What could be learned has changed by somebody's doing; a training waits a while for more of that."""
        self.count_anew()
        self._changed_at = self.clock()

    def count_anew(self) -> None:
        """What could be learned may have changed: look at it again when it is next asked for."""
        self._now_known = None

    def trust_own_moves(self) -> bool:
        """Let our own moves teach that nobody has touched for as long as the config says; whether there were any."""
        after = self.settings.trust_own_moves_after
        return after is not None and self.store.files.confirm_untouched(self.clock() - after) > 0

    def forget(self) -> None:
        """Have a training be due even where nothing has changed since the last one."""
        self.store.notes.drop("learned")
        self.store.notes.drop("learned_nothing")

    def lessons(self, space: FeatureSpace) -> Lessons:
        """What could be learned now."""
        if self._now_known is None:
            files = self.store.files
            self._now_known = lessons(
                files.labels(),
                files.refusals(),
                self.store.features.extracted(space.id),
                files.categories(),
                self.settings.training(),
                hopeless=self.store.features.hopeless(),
            )
        return self._now_known

    def due_at(self, space: FeatureSpace) -> float | None:
        """When to train next, or None."""
        model = self.model(space)
        note = self.store.notes.get("learned")
        learned = None if note is None or model is None else Lessons(note["labelled"], note["signature"])
        rejected = self.store.notes.get("learned_nothing")  # trained, but there was nothing better in it
        if rejected is not None and rejected == self.lessons(space).signature and model is not None:
            return None
        return training_due(
            self.lessons(space),
            learned,
            pending=self.store.features.pending_labelled(space.id),
            changed_at=self._changed_at,
            debounce=self.settings.debounce_seconds,
        )

    def begin(self, number: int, space: FeatureSpace) -> Train:
        """The job that teaches what could be learned now."""
        self._taught = self.lessons(space)
        return jobs.train(number, self.store, space, self.settings, now=self.clock())

    def end(self, report: Trained) -> Learned:
        """Record what became of it."""
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
        return Learned(str(summary.get("model_type")), taught.labelled, report.swapped, report.reason)
