"""Tell what a training has changed that followed something that the user did."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sorterd.activity import Note, Reporter
from sorterd.sorting.sorter import decide_inbox
from sorterd.sorting.training_effect import Decisions, by_content, effect
from sorterd.store.settings import TRAINING_EFFECT
from sorterd.store.store import Store


@dataclass(slots=True)
class TrainingEffects:
    """Remembers the decisions from before a training until all that waits has been predicted again.

    If the user does more meanwhile, the effect of all of it is told at once.
    """

    store: Store
    report: Reporter
    never_into: Collection[str] = ()
    _before: Decisions | None = None
    _last_move: int = 0

    def training_begins(self, predictor: str | None) -> None:
        """Note how it was decided until now. The first training has no effect that could be told."""
        if predictor is None or self._before is not None:
            return
        self._before = self._decisions(predictor)
        self._last_move = next((move.number for move in self.store.journal.recent(1)), 0)

    def all_predicted(self, predictor: str | None, now: float) -> None:
        """Report the effect, if a training has begun since the last call."""
        before, self._before = self._before, None
        if before is None:
            return
        if not before:  # nothing waits
            self.store.notes.drop(TRAINING_EFFECT)
            return
        moved = {move.fingerprint for move in self.store.journal.recent(-1, after=self._last_move) if not move.undone}
        told = effect(before, self._decisions(predictor), moved)
        self.store.notes.put(TRAINING_EFFECT, {"at": now, **told.to_json()})
        self.report(Note(f"learned: {told}"))

    def _decisions(self, predictor: str | None) -> Decisions:
        return by_content(decide_inbox(self.store, predictor, never_into=self.never_into))
