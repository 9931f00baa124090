"""Moves that were decided and failed: why, and when to try again."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from sorterd import backoff
from sorterd.changes import KnownFile
from sorterd.library.move import MoveFailed
from sorterd.library.move_conditions import circumstances
from sorterd.library.plan import MoveRefused
from sorterd.sorting.mover import Mover
from sorterd.store.store import Store
from sorterd.store.unmoved import Unmoved

_MOST_CHECKED = 200  # if a full disk stops ten thousand moves, checking some of them is enough


@dataclass(slots=True)
class FailedMoves:
    """The failed moves. They are kept in the store, so that `status`, `review` and `explain` can show them at any time.

    A failed move is tried again after a while, and at once when something about the file or the folders has changed. A
    lasting failure (a name that the disk refuses, a locked file) is tried again only after such a change.
    """

    store: Store
    mover: Mover
    again: dict[str, backoff.Retry] = field(default_factory=dict)
    _known: dict[str, Unmoved] = field(init=False)

    def __post_init__(self) -> None:
        self._known = self.store.unmoved.all()

    @property
    def reasons(self) -> dict[str, str]:
        """Why each move failed, by path."""
        return {path: one.reason for path, one in self._known.items()}

    def is_due(self, file: KnownFile, folder: str, now: float) -> bool:
        """Return whether to try to move this file into this folder now."""
        one, again = self._known.get(file.path), self.again.get(file.path)
        if one is None or (one.fingerprint, one.folder) != (file.fingerprint, folder):
            return True
        if not one.lasting and (again is None or again.at <= now):
            return True
        return one.circumstances != self._circumstances(one)

    def next_try(self) -> float | None:
        """Return when the earliest retry is due, None if no retry has a time."""
        return min((again.at for again in self.again.values() if again.at < math.inf), default=None)

    def may_work_now(self) -> bool:
        """Return whether the circumstances of one of them have changed."""
        return any(one.circumstances != self._circumstances(one) for one in list(self._known.values())[:_MOST_CHECKED])

    def note(self, file: KnownFile, folder: str, error: MoveFailed | MoveRefused, now: float) -> str:
        """Record a failure. Return the sentence to report."""
        self.again[file.path] = retry(self.again.get(file.path), error, now)
        lasting = self.again[file.path].at == math.inf
        reason = f"could not be moved into {folder}: {error}"
        one = Unmoved(file.path, file.fingerprint, folder, reason, lasting, "", now)
        one = Unmoved(file.path, file.fingerprint, folder, reason, lasting, self._circumstances(one), now)
        self._known[file.path] = one
        self.store.unmoved.put(one)
        return reason

    def keep_only(self, wanted: set[str], among: set[str] | None = None) -> None:
        """Forget the failed moves, of all paths or of those in `among`, that are no longer `wanted`."""
        for path in (self._known.keys() if among is None else self._known.keys() & among) - wanted:
            self.forget(path)

    def forget(self, path: str) -> None:
        """Drop the failure of `path`: the move succeeded or is no longer wanted."""
        self.again.pop(path, None)
        if self._known.pop(path, None) is not None:
            self.store.unmoved.forget(path)

    def _circumstances(self, one: Unmoved) -> str:
        return circumstances(self.mover.root, one.path, one.folder)


def retry(before: backoff.Retry | None, error: MoveFailed | MoveRefused, now: float) -> backoff.Retry:
    """Return when to move a file again. After a lasting failure no time is set: something must change first."""
    again = backoff.after_failure(before.attempts if before else 0, transient=True, now=now)
    return replace(again, at=math.inf) if isinstance(error, MoveFailed) and error.lasting else again
