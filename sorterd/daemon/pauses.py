"""Stages that failed as a whole: why, and when each is tried again."""

from __future__ import annotations

from dataclasses import dataclass, field

from sorterd.daemon import retry


@dataclass(slots=True)
class Pauses:
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
        self._until[stage] = now + retry.delay(before)
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
