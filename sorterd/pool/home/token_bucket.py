"""How often something may happen, so that nobody outside can make it happen without end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class TokenBucket:
    """So many times at once, and once in so many `seconds` on average (a token bucket). Times are of any clock."""

    at_once: int
    seconds: float
    _used: float = 0.0
    _at: float = 0.0

    def take(self, now: float) -> bool:
        """Return whether it may happen once more now."""
        self._used = max(0.0, self._used - max(0.0, now - self._at) / self.seconds)
        self._at = now
        if self._used > self.at_once - 1:
            return False
        self._used += 1
        return True
