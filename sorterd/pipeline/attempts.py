"""Videos that could not be extracted: which one is to blame, and when to try again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sorterd import backoff, cloud
from sorterd.activity import Fault, Reporter
from sorterd.pipeline.verify_source import MOVED, lies_at
from sorterd.store.settings import ENDS, IN_FLIGHT
from sorterd.store.store import Store


@dataclass(slots=True)
class Attempts:
    """Counts failures per video.

    One of the `suspects` may have broken a worker, or all of sorterd. Each is tried next, and alone in its job. As long
    as some of them are `recalled` from before this start, nothing else is in flight anywhere. Videos that failed on
    another machine, or were begun on one that was lost, are extracted `at_home`, and only how that ends counts.
    """

    root: Path
    store: Store
    report: Reporter
    clock: Callable[[], float]
    suspects: set[str] = field(default_factory=set)
    recalled: set[str] = field(default_factory=set)
    at_home: set[str] = field(default_factory=set)
    _in_flight: dict[str, int] = field(default_factory=dict)  # video: job, in the order in which they were begun

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
        self.recalled.update(in_flight or ([video] if ends else []))
        self.suspects |= self.recalled
        if ends >= backoff.MAX_ATTEMPTS:
            self.failed(video, f"sorterd ended {ends} times in a row while it looked at this alone", transient=False)

    def begun(self, job: int, fingerprint: str) -> None:
        """Note that the worker with this job begins with this video."""
        self._in_flight[fingerprint] = job
        self._note()

    def answered(self, fingerprint: str) -> None:
        """Note that a worker has answered for this video."""
        if self._in_flight.pop(fingerprint, None) is not None:
            self._note()

    def ended(self, job: int) -> list[str]:
        """Note that a job has ended. Return its videos that were begun and not answered."""
        open_ended = [video for video, number in self._in_flight.items() if number == job]
        for video in open_ended:
            del self._in_flight[video]
        self._note()
        return open_ended

    def put_down(self) -> None:
        """Note that no video is in flight any more, or that this is an orderly end: no video is to blame."""
        self._in_flight.clear()
        self._note()

    def _note(self) -> None:
        if self._in_flight:
            self.store.notes.put(IN_FLIGHT, list(self._in_flight))
        else:
            self.store.notes.drop(IN_FLIGHT)

    def cleared(self, fingerprint: str) -> None:
        """Suspect this video no longer, because it is known how its extraction ends."""
        for known in (self.suspects, self.recalled, self.at_home):
            known.discard(fingerprint)
        if (self.store.notes.get(ENDS) or [""])[0] == fingerprint:
            self.store.notes.drop(ENDS)

    def failed(self, fingerprint: str, reason: str, *, transient: bool) -> bool:
        """Record that this video failed. Return False if it was moved, replaced or deleted, which is not its fault."""
        places = self.store.files.places(fingerprint)
        self.cleared(fingerprint)
        if reason == MOVED or not any(lies_at(self.root / place.path, place.id) for place in places):
            return False
        attempts = self.store.features.attempts(fingerprint)
        if reason == cloud.REASON:  # not its fault, and it may be here at any time
            again = backoff.Retry(attempts, self.clock() + backoff.LONGEST_DELAY, given_up=False)
        else:
            again = backoff.after_failure(attempts, transient=transient, now=self.clock())
        self.store.features.fail(fingerprint, reason, attempts=again.attempts, retry_at=again.at, failed=again.given_up)
        self.report(Fault(places[0].path, reason))
        return True
