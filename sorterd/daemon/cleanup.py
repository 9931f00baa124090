"""Drop what is no longer needed once a day. Otherwise the state would grow with every video that ever was."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sorterd.activity import Note, Reporter
from sorterd.store.absent import KEPT_SECONDS, Absent
from sorterd.store.relocations import KEPT_SECONDS as KEPT_RELOCATIONS
from sorterd.store.store import Store

SWEEPS = 30  # in the time for which features are kept: once a day


@dataclass(slots=True)
class Cleanup:
    """Drops features `kept` seconds after their video has gone, and old relocations. Then calls `tidy_pictures`.

    `complete` returns whether all files are known as they are. `clock` is wall-clock time, `timer` never jumps.
    """

    store: Store
    report: Reporter
    complete: Callable[[], bool]
    clock: Callable[[], float]
    timer: Callable[[], float] = time.monotonic
    kept: float = KEPT_SECONDS
    tidy_pictures: Callable[[], object] = lambda: None
    _due: float = float("-inf")

    def turn(self) -> float | None:
        """Sweep if it is time. Return in how many seconds to come again, None until the files are known."""
        if not self.complete():
            return None
        if self.timer() >= self._due:
            self._due = self.timer() + self.kept / SWEEPS
            dropped = Absent(self.store.connection).sweep(now=self.clock(), kept=self.kept)
            self.store.relocations.forget(self.clock() - KEPT_RELOCATIONS)
            self.tidy_pictures()
            if dropped:
                self.report(Note(f"dropped the features of what has been gone for long: {dropped}"))
        return self._due - self.timer()
