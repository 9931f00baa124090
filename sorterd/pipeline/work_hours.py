"""When the backlog must wait, and until when. New arrivals never wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sorterd.power import on_battery
from sorterd.text import counted
from sorterd.work_window import WorkWindow

LOOK_SECONDS = 60.0  # between two looks at the power supply, which sends no events
ARRIVAL_SECONDS = 24 * 3600.0  # how long a video counts as a new arrival, for instance if it is tried again


@dataclass(frozen=True, slots=True)
class Hold:
    """Why the backlog waits. `until` is when it may go on, None for when the computer is plugged in."""

    wait: str
    cause: str
    until: float | None

    def of(self, videos: int) -> str:
        """Return one sentence that says how many videos wait, until when, and why."""
        waits = "waits" if videos == 1 else "wait"
        return f"{counted(videos, 'video')} {waits} {self.wait}, because {self.cause}; new ones are looked at at once"


@dataclass(slots=True)
class WorkHours:
    """The window, and whether the backlog is worked on while the computer runs on its battery."""

    window: WorkWindow = field(default_factory=WorkWindow)
    with_battery: bool = True
    is_on_battery: Callable[[], bool] = on_battery
    _looked_at: float = float("-inf")
    _on_battery: bool = False

    def hold(self, now: float) -> Hold | None:
        """Return why the backlog waits now, None if it does not."""
        opens = self.window.opens_at(now)
        waits, causes = [], []
        if opens is not None:
            waits.append(f"until {datetime.fromtimestamp(opens):%H:%M}")
            causes.append(f"work.window is {self.window}")
        if not self.with_battery and self._runs_on_battery(now):
            waits.append("until the computer is plugged in")
            causes.append("work.on_battery is false")
        return Hold(" and ".join(waits), " and ".join(causes), opens) if waits else None

    def next_look(self, hold: Hold, now: float) -> float:
        """Return when to ask again."""
        return now + LOOK_SECONDS if hold.until is None else hold.until

    def _runs_on_battery(self, now: float) -> bool:
        if not 0 <= now - self._looked_at < LOOK_SECONDS:
            self._looked_at = now
            self._on_battery = self.is_on_battery()
        return self._on_battery
