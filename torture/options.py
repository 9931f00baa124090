"""The options of every part."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one part. `scale` multiplies how often things are tried. `folder` is empty and deleted later."""

    folder: Path
    scale: float = 1.0
    seed: int = 0
    minutes: float = 120.0

    def times(self, full: int) -> int:
        """Return how often to try what is tried `full` times at full scale, at least 1."""
        return max(1, round(full * self.scale))

    def say(self, text: str) -> None:
        """Print the progress."""
        print(text, flush=True)
