"""Pause moving: by the user, after an update that decides differently, or if the user takes back too many moves.

During a pause, extraction, training and prediction go on, and videos stay where they are.
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

Cause = Literal["user", "update", "taken back"]

NOTICE_SECONDS = 24 * 3600.0  # between saying what an update would move, and moving it


@dataclass(frozen=True, slots=True)
class MovingPause:
    """Why nothing is moved. It ends at `until` (seconds, wall clock), or if that is None, when the user resumes."""

    cause: Cause
    reason: str
    since: float
    until: float | None = None


@dataclass(frozen=True, slots=True)
class MovingPauses:
    """Begins and ends the pauses of one library. They are kept in the store."""

    store: Store

    def current(self, now: float) -> MovingPause | None:
        """Return the pause in effect at this time."""
        note = self.store.notes.get(MOVING_PAUSE)
        if note is None:
            return None
        pause = MovingPause(**note)
        return None if pause.until is not None and pause.until <= now else pause

    def pause(self, now: float) -> None:
        """Move nothing until the user resumes."""
        self._put(MovingPause("user", "you paused it", now))

    def resume(self, now: float) -> bool:
        """End the pause. Return whether there was one. Moves made before now no longer count for the next pause."""
        pause = self.current(now)
        self.store.notes.drop(MOVING_PAUSE)
        self.store.notes.put(MOVING_RESUMED, max((move.number for move in self.store.journal.recent(1)), default=0))
        if pause is not None and (pause.cause == "update" or self._updated()):
            self.store.notes.put(UPDATE_BEGAN, now)
            self.store.notes.put(DECIDED_BY, DECISION_METHOD)
        return pause is not None

    def note_first_version(self) -> None:
        """Record that this version is the first to sort a library that has no model yet.

        A dry run needs this too: it makes the first model, and that is no update.
        """
        # Moves in the journal are no sign of an earlier version: they are restored after the database was lost.
        if self.store.notes.get(MODEL) is None:
            self.store.notes.put(DECIDED_BY, DECISION_METHOD)

    def check_update(self, now: float) -> None:
        """Pause if this version decides differently from the one that last sorted this library.

        A pause that only the user ends stays. What moves after that counts as moved by the update.
        """
        self.note_first_version()
        pause = self.current(now)
        if not self._updated() or (pause is not None and pause.cause != "update"):
            return
        self.store.notes.put(DECIDED_BY, DECISION_METHOD)
        reason = "this version decides differently: it judges what waits before it moves anything"
        self._put(MovingPause("update", reason, now))

    def _updated(self) -> bool:
        """Return whether another version, which decides differently, last sorted this library."""
        return self.store.notes.get(DECIDED_BY) != DECISION_METHOD

    def update_is_unannounced(self, now: float) -> bool:
        """Return whether there is a pause after an update, and what the update would move is not announced yet."""
        pause = self.current(now)
        return pause is not None and pause.cause == "update" and pause.until is None

    def end_update(self) -> None:
        """End the pause after an update that would move nothing."""
        self.store.notes.drop(MOVING_PAUSE)

    def announce_update(self, would_move: int, waiting: int, now: float) -> str:
        """Set the time when the pause after an update ends. Return a sentence about what it will move then."""
        begins = now + NOTICE_SECONDS
        sentence = (
            f"the new version would file {would_move:,} of {counted(waiting, 'waiting video')}: "
            f"'sorterd run --once --dry-run' shows them; it begins {datetime.fromtimestamp(begins):%Y-%m-%d %H:%M}, "
            "or now with 'sorterd resume'"
        )
        self._put(MovingPause("update", sentence, now, begins))
        return sentence

    def end_if_over(self, now: float) -> str | None:
        """Drop a pause whose time is over. Return the sentence to report, None if there was no such pause."""
        note = self.store.notes.get(MOVING_PAUSE)
        if note is None or self.current(now) is not None:
            return None
        self.store.notes.drop(MOVING_PAUSE)
        self.store.notes.put(UPDATE_BEGAN, now)
        return f"moving begins after the update; {self.undo_hint()}"

    def undo_hint(self) -> str | None:
        """Return how to take back all moves since the pause after an update ended, None if there was none."""
        began = self.store.notes.get(UPDATE_BEGAN)
        if began is None:
            return None
        return f"'sorterd undo --since {datetime.fromtimestamp(began):%Y-%m-%dT%H:%M:%S}' takes it all back"

    def check_brake(self, now: float) -> MovingPause | None:
        """Pause if the user takes back clearly more than our confidences promised. Return the new pause or None."""
        if self.current(now) is not None:
            return None
        reason = too_many_taken_back(self._own_moves())
        if reason is None:
            return None
        pause = MovingPause("taken back", f"{reason}: 'sorterd resume' lets it move again", now)
        self._put(pause)
        return pause

    def _own_moves(self) -> list[OwnMove]:
        """Return our last moves since moving was last resumed, newest first.

        A move taken back is left out if changed folders explain that: its folder is gone, or the video now lies in a
        folder that was made after the move. It says nothing about our predictions.
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
