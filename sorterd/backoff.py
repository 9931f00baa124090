"""When to try again after a failure: of a single video or move, or of a whole stage."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_ATTEMPTS = 3
FIRST_DELAY = 30.0
LONGEST_DELAY = 3600.0
UNTIL_SYNC = 1.0
"""Seconds until the next sync has found where a video lies that was moved."""


@dataclass(frozen=True, slots=True)
class Retry:
    """The attempts so far, and when the next one is due. If `given_up`, there is none."""

    attempts: int
    at: float
    given_up: bool


def after_failure(attempts_before: int, *, transient: bool, now: float) -> Retry:
    """Return when to try again. Each wait is eight times the one before.

    A fault that is not `transient` is given up at once, a transient one after MAX_ATTEMPTS.
    """
    attempts = attempts_before + 1
    return Retry(attempts, now + delay(attempts_before, factor=8), not transient or attempts >= MAX_ATTEMPTS)


def delay(failures_before: int, *, factor: int = 2, longest: float = LONGEST_DELAY) -> float:
    """Return how many seconds to wait after a failure. Each wait is `factor` times the one before."""
    return float(min(longest, FIRST_DELAY * factor ** min(failures_before, 20)))


@dataclass(slots=True)
class StageBackoff:
    """The failures of stages, in memory only: after a restart every stage is tried at once.

    Times are wall-clock seconds.
    """

    _failures: dict[str, int] = field(default_factory=dict)
    _until: dict[str, float] = field(default_factory=dict)
    _reasons: dict[str, str] = field(default_factory=dict)

    @property
    def reasons(self) -> list[str]:
        """What keeps stages from working, one sentence each."""
        return sorted(set(self._reasons.values()))

    @property
    def ends(self) -> list[float]:
        """When stages may be tried again, including past times."""
        return list(self._until.values())

    def over(self, stage: str, now: float) -> bool:
        """Return whether a stage may be tried."""
        return self._until.get(stage, 0.0) <= now

    def failed(self, stage: str, reason: str, now: float) -> None:
        """Record that a stage failed. It waits longer with each failure."""
        before = self._failures.get(stage, 0)
        self._failures[stage] = before + 1
        self._until[stage] = now + delay(before)
        self._reasons[stage] = reason

    def wait(self, stage: str, until: float) -> None:
        """Make a stage wait although it did not fail."""
        self._until[stage] = until

    def waits_for_moment(self, now: float) -> bool:
        """Return whether a stage waits that did not fail."""
        return any(now < until for stage, until in self._until.items() if stage not in self._reasons)

    def lift(self, stage: str) -> None:
        """Let a stage be tried at once, because its input has changed."""
        self._until.pop(stage, None)

    def mended(self, stage: str) -> None:
        """Let a stage be tried at once after its first failure, as the cause may be gone. Later failures wait."""
        if self._failures.get(stage) == 1:
            self.lift(stage)

    def worked(self, stage: str) -> None:
        """Forget the failures of a stage that succeeded."""
        self._failures.pop(stage, None)
        self._reasons.pop(stage, None)
