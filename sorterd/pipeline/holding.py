"""What waits because of the hours of work, and when to report that."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from sorterd.activity import Note, Reporter
from sorterd.pipeline.work_hours import ARRIVAL_SECONDS, Hold, WorkHours
from sorterd.store.backlog import Backlog


@dataclass(slots=True)
class Holding:
    """Holds the backlog back outside of the hours. Then only videos that came after `arrived_after` are worked on.

    `hold` is why the backlog waits, None if it does not.
    """

    report: Reporter
    clock: Callable[[], float]
    hours: WorkHours = field(default_factory=WorkHours)
    hold: Hold | None = None
    arrived_after: float | None = None
    _reported: bool = False

    def look(self) -> float | None:
        """Update whether the backlog must wait now. Return `arrived_after`."""
        now = self.clock()
        self.hold = self.hours.hold(now)
        self.arrived_after = None if self.hold is None else now - ARRIVAL_SECONDS
        return self.arrived_after

    def next_look(self) -> float | None:
        """Return when to call `look` again, None if nothing waits."""
        return None if self.hold is None else self.hours.next_look(self.hold, self.clock())

    def held(self, backlog: Backlog, wanted: Collection[str]) -> tuple[Hold, int] | None:
        """Return why the backlog waits, and how many videos it has. None if none has to wait."""
        if self.hold is None or self.arrived_after is None:
            return None
        videos = backlog.left_out(wanted=wanted, arrived_after=self.arrived_after)
        return (self.hold, videos) if videos else None

    def tell(self, held: tuple[Hold, int] | None) -> None:
        """Report when the backlog begins to wait, and when it goes on."""
        if held is not None and not self._reported:
            hold, videos = held
            self.report(Note(hold.of(videos)))
        if self.hold is None and self._reported:
            self.report(Note("the videos that waited are looked at now"))
        self._reported = held is not None or (self._reported and self.hold is not None)
