"""How far extraction is and how fast, for progress bars, `status` and the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from sorterd.activity import ExtractionUnderway, Reporter, StageProgress
from sorterd.pipeline.throughput import Throughput

UNDERWAY_SECONDS = 60.0  # between two lines of a log on how far it is


@dataclass(slots=True)
class ExtractionProgress:
    """Counts and reports the videos that are `done`, by all workers. `waiting` returns how many are left."""

    report: Reporter
    clock: Callable[[], float]
    waiting: Callable[[], int]
    done: int = 0
    _pace: Throughput = field(default_factory=Throughput)
    _pace_of: dict[str, Throughput] = field(default_factory=lambda: defaultdict(Throughput))
    _reported_at: float = float("-inf")

    @property
    def per_minute(self) -> float | None:
        """How many videos are extracted per minute, if enough were extracted lately to tell."""
        return self._pace.per_minute(self.clock())

    def per_minute_of(self, worker: str) -> float | None:
        """Return how many videos per minute one worker extracts, if it extracted enough lately to tell."""
        return self._pace_of[worker].per_minute(self.clock())

    def extracted(self, worker: str) -> None:
        """Count one more video to which a worker has given features."""
        self.done += 1
        self.failed(worker)

    def failed(self, worker: str) -> None:
        """Report that one video fewer waits, because it was extracted or has failed."""
        now, waiting = self.clock(), self.waiting()
        self._pace.finished(now)
        self._pace_of[worker].finished(now)
        pace = self.per_minute
        self.report(StageProgress("extract", self.done, self.done + waiting, pace))
        if pace is not None and waiting and not 0 <= now - self._reported_at < UNDERWAY_SECONDS:
            self._reported_at = now
            self.report(ExtractionUnderway(self.done, waiting, pace))
