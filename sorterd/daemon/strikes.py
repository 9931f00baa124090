"""Videos that could not be extracted: who is to blame, and when it is tried again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sorterd.daemon import retry
from sorterd.daemon.happenings import Tell, Trouble
from sorterd.daemon.witness import lies_at
from sorterd.store.store import Store

IN_HAND = "in_hand"  # the note of the videos that the worker was given and has not answered all of


@dataclass(slots=True)
class Strikes:
    """Counts failures per video. `suspects` are videos of which one broke the worker: each is to be tried alone."""

    root: Path
    store: Store
    tell: Tell
    clock: Callable[[], float]
    suspects: set[str] = field(default_factory=set)

    def recall(self) -> None:
        """At the start. Whatever was in hand when an earlier daemon ended without a word may have ended it: each is
        tried alone, and one that was alone gets a strike."""
        in_hand = self.store.notes.get(IN_HAND) or []
        self.put_down()
        if len(in_hand) == 1:
            self.strike(in_hand[0], "sorterd ended while it looked at this", transient=True)
        else:
            self.suspects.update(in_hand)

    def take_in_hand(self, fingerprints: Sequence[str]) -> None:
        """Note what the worker is about to be given."""
        self.store.notes.put(IN_HAND, fingerprints)

    def put_down(self) -> None:
        """It has been dealt with, or the end is an orderly one: nothing is to blame for that."""
        self.store.notes.drop(IN_HAND)

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
