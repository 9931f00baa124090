"""Videos that could not be extracted: who is to blame, and when it is tried again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sorterd.daemon import retry
from sorterd.daemon.happenings import Tell, Trouble
from sorterd.daemon.witness import lies_at
from sorterd.store.store import Store


@dataclass(slots=True)
class Strikes:
    """Counts failures per video. `suspects` are videos of which one broke the worker: each is to be tried alone."""

    root: Path
    store: Store
    tell: Tell
    clock: Callable[[], float]
    suspects: set[str] = field(default_factory=set)

    def cleared(self, fingerprint: str) -> None:
        """This video was extracted."""
        self.suspects.discard(fingerprint)

    def strike(self, fingerprint: str, reason: str, *, transient: bool) -> bool:
        """Note that this video failed; False if it was not its fault: it has been moved, replaced or deleted since."""
        places = self.store.files.places(fingerprint)
        self.cleared(fingerprint)
        if not any(lies_at(self.root / place.path, place.id) for place in places):
            return False
        again = retry.after_failure(
            self.store.features.attempts(fingerprint), transient=transient, now=self.clock()
        )
        self.store.features.fail(
            fingerprint, reason, attempts=again.attempts, retry_at=again.at, failed=again.given_up
        )
        self.tell(Trouble(places[0].path, reason))
        return True
