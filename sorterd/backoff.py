"""When to try again what has failed: single videos and moves, and whole stages."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_ATTEMPTS = 3
FIRST_DELAY = 30.0
LONGEST_DELAY = 3600.0


@dataclass(frozen=True, slots=True)
class Retry:
    """The attempts so far, when the next one is due, and whether there is none (given up)."""

    attempts: int
    at: float
    given_up: bool


def after_failure(attempts_before: int, *, transient: bool, now: float) -> Retry:
    """A lasting fault is given up at once; a passing one after STRIKES, each wait eight times the one before."""
    attempts = attempts_before + 1
    return Retry(attempts, now + delay(attempts_before, factor=8), not transient or attempts >= MAX_ATTEMPTS)


def delay(failures_before: int, *, factor: int = 2) -> float:
    """Seconds to wait after a failure, longer with each one before it."""
    return float(min(LONGEST_DELAY, FIRST_DELAY * factor ** min(failures_before, 20)))


@dataclass(slots=True)
class StageBackoff:
    """Kept in memory only: after a restart every stage is tried at once. Times are wall-clock seconds."""

    _failures: dict[str, int] = field(default_factory=dict)
    _until: dict[str, float] = field(default_factory=dict)
    _reasons: dict[str, str] = field(default_factory=dict)

    @property
    def reasons(self) -> list[str]:
        """What keeps stages from working, one sentence each."""
        return sorted(set(self._reasons.values()))

    @property
    def ends(self) -> list[float]:
        """When stages may be tried again; past ones too."""
        return list(self._until.values())

    def over(self, stage: str, now: float) -> bool:
        """Whether a stage may be tried."""
        return self._until.get(stage, 0.0) <= now

    def failed(self, stage: str, reason: str, now: float) -> None:
        """A stage failed: later again, and later each time."""
        before = self._failures.get(stage, 0)
        self._failures[stage] = before + 1
        self._until[stage] = now + delay(before)
        self._reasons[stage] = reason

    def wait(self, stage: str, until: float) -> None:
        """A stage is to wait, without having failed."""
        self._until[stage] = until

    def lift(self, stage: str) -> None:
        """A stage may be tried at once: what it works on has changed."""
        self._until.pop(stage, None)

    def mended(self, stage: str) -> None:
        """What a stage may have failed for is another now: it may be tried at once, but not over and over."""
        if self._failures.get(stage) == 1:
            self.lift(stage)

    def worked(self, stage: str) -> None:
        """A stage did its work."""
        self._failures.pop(stage, None)
        self._reasons.pop(stage, None)
