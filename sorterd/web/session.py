"""What happened since the page was opened: how far the user is, what sorterd did, what it learned."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from sorterd.sorting.training_effects import NO_CHANGE, Decisions, by_content, effect
from sorterd.web.facts import PageFacts


@dataclass(slots=True)
class Session:
    """One opened page, asked and told from several threads."""

    decided: set[str] = field(default_factory=set)
    lessons: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    _first_move: int | None = None
    _decided: Decisions = field(default_factory=dict)
    _trained_at: str | None = None  # when the model was trained that decided this
    _lock: Lock = field(default_factory=Lock)

    def decide(self, *videos: str) -> None:
        """Note that the user has decided about these."""
        with self._lock:
            self.decided.update(videos)

    def reopen(self, *videos: str) -> None:
        """Note that the user has taken that back."""
        with self._lock:
            self.decided.difference_update(videos)

    def look(self, facts: PageFacts) -> None:
        """Compare what is known now with what was known before."""
        with self._lock:
            if self._first_move is None:
                self._first_move = facts.last_move
            decided = by_content([*facts.inbox.undecided, *facts.inbox.guessed, *facts.inbox.sure])
            if self._trained_at not in (None, facts.trained_at):
                still = {file.fingerprint for file in facts.files.values() if file.source is None}
                if (self._decided.keys() & still) - decided.keys():
                    return  # the new model has not predicted all that the last one had
                text = str(effect(self._decided, decided, self._moved(facts)))
                self.lessons += [] if text == NO_CHANGE else [f"Learned: {text}."]
            self._decided, self._trained_at = decided, facts.trained_at

    def moved_by_sorterd(self, facts: PageFacts) -> int:
        """Return how many videos lie in a folder since then that sorterd has moved there by itself."""
        with self._lock:
            return len(self._moved(facts))

    def _moved(self, facts: PageFacts) -> set[str]:
        first = self._first_move or 0
        ours = {file.fingerprint for file in facts.files.values() if file.source == "auto"}
        return {move.fingerprint for move in facts.moves if move.kind == "sort" and move.number > first} & ours
