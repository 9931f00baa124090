"""Moves that were decided and could not be made: why, and when to try again."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sorterd import backoff
from sorterd.changes import KnownFile
from sorterd.library.circumstances import circumstances
from sorterd.library.move import MoveFailed
from sorterd.library.plan import MoveRefused
from sorterd.sorting.mover import Mover
from sorterd.store.store import Store
from sorterd.store.unmoved import Unmoved

_MOST_CHECKED = 200  # of a disk that is full for ten thousand videos not each is asked about


@dataclass(slots=True)
class FailedMoves:
    """Kept in the store, so that `status`, `review` and `explain` know of them while nothing runs.

    What failed is tried again after a while, and at once when something about the file or the folders has changed;
    what cannot help by itself (a name that the disk refuses, a locked file) only then.
    """

    store: Store
    mover: Mover
    again: dict[str, backoff.Retry] = field(default_factory=dict)
    _known: dict[str, Unmoved] = field(init=False)

    def __post_init__(self) -> None:
        self._known = self.store.unmoved.all()

    @property
    def reasons(self) -> dict[str, str]:
        """Path -> what is wrong."""
        return {path: one.reason for path, one in self._known.items()}

    def is_due(self, file: KnownFile, folder: str, now: float) -> bool:
        """Whether to try to move this file into this folder."""
        one, again = self._known.get(file.path), self.again.get(file.path)
        if one is None or (one.fingerprint, one.folder) != (file.fingerprint, folder):
            return True
        if not one.lasting and (again is None or again.at <= now):
            return True
        return one.circumstances != self._circumstances(one)

    def next_try(self) -> float | None:
        """When the earliest is to be tried again whatever happens."""
        return min((again.at for again in self.again.values() if again.at < math.inf), default=None)

    def may_work_now(self) -> bool:
        """Whether something has changed for one of them."""
        return any(one.circumstances != self._circumstances(one) for one in list(self._known.values())[:_MOST_CHECKED])

    def note(self, file: KnownFile, folder: str, error: MoveFailed | MoveRefused, now: float) -> str:
        """Remember a failure; what to say of it."""
        before = self.again.get(file.path)
        again = backoff.after_failure(before.attempts if before else 0, transient=True, now=now)
        lasting = isinstance(error, MoveFailed) and error.lasting
        self.again[file.path] = backoff.Retry(again.attempts, math.inf, given_up=True) if lasting else again
        reason = f"could not be moved into {folder}: {error}"
        one = Unmoved(file.path, file.fingerprint, folder, reason, lasting, "", now)
        one = Unmoved(file.path, file.fingerprint, folder, reason, lasting, self._circumstances(one), now)
        self._known[file.path] = one
        self.store.unmoved.put(one)
        return reason

    def keep_only(self, wanted: set[str], among: set[str] | None = None) -> None:
        """Forget those that are not `wanted` any more; all, or those `among` some."""
        for path in (self._known.keys() if among is None else self._known.keys() & among) - wanted:
            self.forget(path)

    def forget(self, path: str) -> None:
        """It was moved, or is not to be moved any more."""
        self.again.pop(path, None)
        if self._known.pop(path, None) is not None:
            self.store.unmoved.forget(path)

    def _circumstances(self, one: Unmoved) -> str:
        return circumstances(self.mover.root, one.path, one.folder)
