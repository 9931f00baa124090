"""What the command line asks of every part."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """`scale` multiplies how often things are tried; `folder` is empty and goes away afterwards."""

    folder: Path
    scale: float = 1.0
    seed: int = 0
    minutes: float = 120.0
    oddballs: Path | None = None

    def times(self, full: int) -> int:
        """How often to try what is tried `full` times at full scale; at least once."""
        return max(1, round(full * self.scale))

    def say(self, text: str) -> None:
        """Tell how far it is."""
        print(text, flush=True)
