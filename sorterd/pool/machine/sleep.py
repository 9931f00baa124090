"""Notice that this machine was asleep or stopped: home has given its work to others then, so none of it is begun."""

from __future__ import annotations

import asyncio
import time

from sorterd.pool.home.link import TTL

_TICK = 1.0


class SleepDetector:
    """`awake` returns whether `watch` has come round lately. It is false from the moment of waking on."""

    def __init__(self, longest: float = TTL / 2) -> None:
        self._longest = longest
        self._at = now()

    def awake(self) -> bool:
        """Return whether this machine has not slept since the connection began."""
        return now() - self._at < self._longest

    async def watch(self) -> None:
        """Return when it has slept."""
        while self.awake():
            self._at = now()
            await asyncio.sleep(_TICK)


def now() -> float:
    """Return the time by a clock that also runs while the machine sleeps, in seconds."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)  # Linux; elsewhere the wall clock, which may jump: then it reconnects
    return time.time() if boot is None else time.clock_gettime(boot)
