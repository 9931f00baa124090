"""Videos that could not be extracted: which one is to blame, and when to try again."""

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
    """Counts failures per video.

    One of the `suspects` may have broken the worker, or all of sorterd. Each is tried next, and alone.
    """

    root: Path
    store: Store
    report: Reporter
    clock: Callable[[], float]
    suspects: set[str] = field(default_factory=set)
    _in_flight: list[str] = field(default_factory=list)

    def recall(self) -> None:
        """Call this at the start, for the videos that were in flight when an earlier daemon was killed.

        One of them may have ended it, or the power was cut. Each is tried alone. A video that was alone in flight at
        several ends in a row is given up.
        """
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
        """Note that the worker begins with this video."""
        self._in_flight.append(fingerprint)
        self.store.notes.put(IN_FLIGHT, self._in_flight)

    def answered(self, fingerprint: str) -> None:
        """Note that the worker has answered for this video."""
        if fingerprint in self._in_flight:
            self._in_flight.remove(fingerprint)
            self.store.notes.put(IN_FLIGHT, self._in_flight)

    def put_down(self) -> None:
        """Note that no video is in flight any more, or that this is an orderly end: no video is to blame."""
        self._in_flight.clear()
        self.store.notes.drop(IN_FLIGHT)

    def cleared(self, fingerprint: str) -> None:
        """Suspect this video no longer, because it is known how its extraction ends."""
        self.suspects.discard(fingerprint)
        if (self.store.notes.get(ENDS) or [""])[0] == fingerprint:
            self.store.notes.drop(ENDS)

    def failed(self, fingerprint: str, reason: str, *, transient: bool) -> bool:
        """Record that this video failed. Return False if it was moved, replaced or deleted, which is not its fault."""
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
