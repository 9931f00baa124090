"""End a run after a while, with a model and predictions from what was extracted by then."""

from __future__ import annotations

from dataclasses import dataclass

from sorterd.daemon.loop import Loop
from sorterd.strangers import CALIBRATED_FROM


@dataclass(slots=True)
class Preview:
    """Ends the extraction after `seconds`, and the loop when what was extracted is learned and predicted.

    The time begins with the first extraction. Until each folder has as many videos as it needs to be moved into, and
    for half of the time at most, only filed videos are extracted. Then they take turns with unsorted ones.
    """

    loop: Loop
    seconds: float
    _began: float | None = None

    def turn(self) -> float | None:
        """Return in how many seconds to come back."""
        pipeline = self.loop.pipeline
        pipeline.extracting.order = "folders"
        if pipeline.space is None or (self._began is None and not pipeline.busy.extractors):
            return None
        now = self.loop.timer()
        self._began = now if self._began is None else self._began
        left = self._began + self.seconds - now
        training_set = pipeline.training.learnable.training_set(pipeline.space)
        if left < self.seconds / 2 or all(training_set.known[one] >= CALIBRATED_FROM for one in training_set.poorest):
            pipeline.extracting.order = "in turn"
        if left > 0:
            return left
        pipeline.end_extraction()  # in each turn: a sync may have found more
        if not pipeline.busy and pipeline.next_stage() is None:
            self.loop.stop()
        return None
