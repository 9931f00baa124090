"""When to try again what failed. Pure."""

from __future__ import annotations

from dataclasses import dataclass

STRIKES = 3
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
    return Retry(attempts, now + delay(attempts_before, factor=8), not transient or attempts >= STRIKES)


def delay(failures_before: int, *, factor: int = 2) -> float:
    """Seconds to wait after a failure, longer with each one before it."""
    return float(min(LONGEST_DELAY, FIRST_DELAY * factor ** min(failures_before, 20)))
