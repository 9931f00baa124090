"""Tell what a training has changed for the videos that wait, if it followed something that the user did."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sorterd.activity import Note, Reporter
from sorterd.sorting.inbox_decisions import InboxDecision, decide_inbox
from sorterd.store.settings import TRAINING_EFFECT
from sorterd.store.store import Store

Decisions = Mapping[str, tuple[str, bool]]
"""By content: the best guess, and whether it is moved there."""

NO_CHANGE = "nothing changes for the videos that wait"


@dataclass(frozen=True, slots=True)
class TrainingEffect:
    """How many more of the waiting videos can be moved than before and how many fewer, and for how many of the rest the
    best guess is another."""

    more: int
    fewer: int
    other: int

    def __str__(self) -> str:
        """Return it as the end of a sentence."""
        said = []
        if self.more == 1:
            said.append("1 more video can be moved by itself")
        elif self.more:
            said.append(f"{self.more:,} more can be moved by themselves")
        if self.fewer:
            said.append(f"{self.fewer:,} fewer can be" if said else f"{self.fewer:,} fewer can be moved")
        if self.other:
            said.append(f"the best guess is another for {self.other:,}")
        return ", ".join(said) or NO_CHANGE

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


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


def by_content(decided: Iterable[InboxDecision]) -> Decisions:
    """Return what was decided on each content. A copy that stays because another copy moves counts as moved."""
    found: dict[str, tuple[str, bool]] = {}
    for one in decided:
        content, moves = one.file.fingerprint, one.decision.action == "move"
        found[content] = one.prediction.folder, moves or found.get(content, ("", False))[1]
    return found


def effect(before: Decisions, now: Decisions, moved: Collection[str]) -> TrainingEffect:
    """Compare the decisions before and after a training. `moved` are the contents that were moved since.

    Only videos that were decided on before count. One that is gone or that the user has filed counts in neither.
    """
    can_move = {video for video, (_, moves) in now.items() if moves} | set(moved)
    could_not = {video: folder for video, (folder, moves) in before.items() if not moves}
    return TrainingEffect(
        more=len(could_not.keys() & can_move),
        fewer=sum(moves and video in now and video not in can_move for video, (_, moves) in before.items()),
        other=sum(
            video in now and video not in can_move and now[video][0] != folder for video, folder in could_not.items()
        ),
    )
