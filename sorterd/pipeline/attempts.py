"""Videos that could not be extracted: who is to blame, and when it is tried again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sorterd import backoff, cloud
from sorterd.activity import Fault, Reporter
from sorterd.pipeline.verify_source import lies_at
from sorterd.store.settings import ENDS, IN_FLIGHT
from sorterd.store.store import Store


@dataclass(slots=True)
class Attempts:
    """Counts failures per video. `suspects` are videos of which one may have broken the worker, or all of sorterd: each
    is to be tried alone, and next."""

    root: Path
    store: Store
    report: Reporter
    clock: Callable[[], float]
    suspects: set[str] = field(default_factory=set)
    _in_flight: list[str] = field(default_factory=list)

    def recall(self) -> None:
        """At the start. What was in hand when an earlier daemon ended without a word may have ended it, or the power
        was cut: each is tried alone, and one that was alone at several ends in a row is given up."""
        in_flight = self.store.notes.get(IN_FLIGHT) or []
        self.put_down()
        video, ends = self.store.notes.get(ENDS) or ("", 0)
        if in_flight:
            video, ends = in_flight[0], ends + 1 if in_flight == [video] else int(len(in_flight) == 1)
            self.store.notes.put(ENDS, [video, ends])
        self.suspects.update(in_flight or ([video] if ends else []))
        if ends >= backoff.MAX_ATTEMPTS:
            self.failed(video, f"sorterd ended {ends} times in a row while it looked at this alone", transient=False)

    def begun(self, fingerprint: str) -> None:
        """The worker begins with this video."""
        self._in_flight.append(fingerprint)
        self.store.notes.put(IN_FLIGHT, self._in_flight)

    def answered(self, fingerprint: str) -> None:
        """The worker has said what came of this video."""
        if fingerprint in self._in_flight:
            self._in_flight.remove(fingerprint)
            self.store.notes.put(IN_FLIGHT, self._in_flight)

    def put_down(self) -> None:
        """Nothing is in hand any more, or the end is an orderly one: nothing is to blame for that."""
        self._in_flight.clear()
        self.store.notes.drop(IN_FLIGHT)

    def cleared(self, fingerprint: str) -> None:
        """It is known what comes of this video."""
        self.suspects.discard(fingerprint)
        if (self.store.notes.get(ENDS) or [""])[0] == fingerprint:
            self.store.notes.drop(ENDS)

    def failed(self, fingerprint: str, reason: str, *, transient: bool) -> bool:
        """Note that this video failed; False if it was not its fault: it has been moved, replaced or deleted since."""
        places = self.store.files.places(fingerprint)
        self.cleared(fingerprint)
        if not any(lies_at(self.root / place.path, place.id) for place in places):
            return False
        attempts = self.store.features.attempts(fingerprint)
        if reason == cloud.REASON:  # not its fault, and it may be here at any time
            again = backoff.Retry(attempts, self.clock() + backoff.LONGEST_DELAY, given_up=False)
        else:
            again = backoff.after_failure(attempts, transient=transient, now=self.clock())
        self.store.features.fail(fingerprint, reason, attempts=again.attempts, retry_at=again.at, failed=again.given_up)
        self.report(Fault(places[0].path, reason))
        return True
