"""How fast videos are extracted, measured over the last minutes of doing so."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

WINDOW = 300.0  # seconds that the pace is measured over
PAUSE = 60.0  # a longer gap was no extracting
STEP = 1.0  # between two marks
FEW = 3  # videos, of which fewer say nothing


@dataclass(slots=True)
class Throughput:
    """Marks of how many videos were done at which time.

    Measuring begins with the first video after a pause, because that one may have waited for models to load. The
    results of a batch come all at once, so nothing is measured within STEP seconds.
    """

    _marks: deque[tuple[float, int]] = field(default_factory=deque)
    _last: tuple[float, int] = (float("-inf"), 0)

    def finished(self, now: float) -> None:
        """Count one more video."""
        at, done = self._last
        if not 0 <= now - at <= PAUSE:
            self._marks.clear()
        self._last = now, done + 1
        if not self._marks or now - self._marks[-1][0] >= STEP:
            self._marks.append(self._last)
        while now - self._marks[0][0] > WINDOW:
            self._marks.popleft()

    def per_minute(self, now: float) -> float | None:
        """Return videos per minute, or None if too few were done lately to tell."""
        if not self._marks or not 0 <= now - self._last[0] <= WINDOW:
            return None
        (began, before), (ended, done) = self._marks[0], self._last
        return None if done - before < FEW or ended - began < STEP else 60 * (done - before) / (ended - began)
