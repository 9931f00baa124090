"""Whether moving is paused: by the user, after an update that decides differently, or because too much was taken back.

While it is paused, videos are extracted, learned from and judged as ever, and stay where they are.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sorterd.library.files import category_of
from sorterd.pipeline.training_policy import DECISION_METHOD
from sorterd.sorting.brake import WINDOW, OwnMove, too_many_taken_back
from sorterd.store.journal import Entry
from sorterd.store.settings import DECIDED_BY, MODEL, MOVING_PAUSE, MOVING_RESUMED, UPDATE_BEGAN
from sorterd.store.store import Store
from sorterd.text import counted

NOTICE_SECONDS = 24 * 3600.0  # between saying what an update would move, and moving it


@dataclass(frozen=True, slots=True)
class MovingPause:
    """Why nothing is moved. It ends at `until` (seconds, wall clock), or if that is None when the user resumes."""

    cause: Literal["user", "update", "taken back"]
    reason: str
    since: float
    until: float | None = None


@dataclass(frozen=True, slots=True)
class MovingPauses:
    """Begins and ends the pauses of one library, which outlive the program."""

    store: Store

    def current(self, now: float) -> MovingPause | None:
        """The pause that holds at this time."""
        note = self.store.notes.get(MOVING_PAUSE)
        if note is None:
            return None
        pause = MovingPause(**note)
        return None if pause.until is not None and pause.until <= now else pause

    def pause(self, now: float) -> None:
        """Move nothing until the user resumes."""
        self._put(MovingPause("user", "you paused it", now))

    def resume(self, now: float) -> bool:
        """End the pause; whether there was one. What was taken back before does not stop it again."""
        pause = self.current(now)
        self.store.notes.drop(MOVING_PAUSE)
        self.store.notes.put(MOVING_RESUMED, max((move.number for move in self.store.journal.recent(1)), default=0))
        if pause is not None and pause.cause == "update":
            self.store.notes.put(UPDATE_BEGAN, now)
        return pause is not None

    def check_update(self, now: float) -> None:
        """Pause where this version decides differently from the one that this library was last sorted by."""
        if self.store.notes.get(DECIDED_BY) == DECISION_METHOD:
            return
        self.store.notes.put(DECIDED_BY, DECISION_METHOD)
        # Not from moves in the journal: those come back from the second copy where the database was lost.
        if self.store.notes.get(MODEL) is not None and self.current(now) is None:
            reason = "this version decides differently: it judges what waits before it moves anything"
            self._put(MovingPause("update", reason, now))

    def update_is_unannounced(self, now: float) -> bool:
        """Whether it is paused after an update, and nobody has been told yet what that would move."""
        pause = self.current(now)
        return pause is not None and pause.cause == "update" and pause.until is None

    def end_update(self) -> None:
        """End the pause after an update that would move nothing."""
        self.store.notes.drop(MOVING_PAUSE)

    def announce_update(self, would_move: int, waiting: int, now: float) -> str:
        """Say what the update would move, and when that begins."""
        begins = now + NOTICE_SECONDS
        sentence = (
            f"the new version would file {would_move:,} of {counted(waiting, 'waiting video')}: "
            f"'sorterd run --once --dry-run' shows them; it begins {datetime.fromtimestamp(begins):%Y-%m-%d %H:%M}, "
            "or now with 'sorterd resume'"
        )
        self._put(MovingPause("update", sentence, now, begins))
        return sentence

    def end_if_over(self, now: float) -> str | None:
        """Forget a pause whose time is over; what to say about it."""
        note = self.store.notes.get(MOVING_PAUSE)
        if note is None or self.current(now) is not None:
            return None
        self.store.notes.drop(MOVING_PAUSE)
        self.store.notes.put(UPDATE_BEGAN, now)
        return f"moving begins after the update; {self.undo_hint()}"

    def undo_hint(self) -> str | None:
        """How to take back all that was moved since the update began to move."""
        began = self.store.notes.get(UPDATE_BEGAN)
        if began is None:
            return None
        return f"'sorterd undo --since {datetime.fromtimestamp(began):%Y-%m-%dT%H:%M:%S}' takes it all back"

    def check_brake(self, now: float) -> MovingPause | None:
        """Pause if the user takes back clearly more than our confidences promised; the pause if it begins now."""
        if self.current(now) is not None:
            return None
        reason = too_many_taken_back(self._own_moves())
        if reason is None:
            return None
        pause = MovingPause("taken back", f"{reason}: 'sorterd resume' lets it move again", now)
        self._put(pause)
        return pause

    def _own_moves(self) -> list[OwnMove]:
        """Our last moves since moving was last resumed, newest first.

        A move that the folders explain says nothing about our judgement: its folder is gone, or the video lies in a
        folder now that was begun after the move.
        """
        recent = self.store.journal.recent(2 * WINDOW, after=self.store.notes.get(MOVING_RESUMED) or 0)
        folders, begun = self.store.files.folders(), self.store.files.begun()
        found = []
        for move in recent:
            taken_back = move.undone or move.corrected
            if not (taken_back and self._explained(move, folders, begun)):
                found.append(OwnMove(move.confidence or 0.0, taken_back))
        return found[:WINDOW]

    def _explained(self, move: Entry, folders: frozenset[str], begun: dict[str, float]) -> bool:
        if category_of(move.destination) not in folders:
            return True
        places = self.store.files.places(move.fingerprint)
        return any(begun[file.category] > move.at for file in places if file.category is not None)

    def _put(self, pause: MovingPause) -> None:
        self.store.notes.put(MOVING_PAUSE, asdict(pause))
