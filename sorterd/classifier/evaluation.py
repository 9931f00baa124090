"""How the model did on labelled rows that it had not seen: what `evaluate`, `status` and the swap of models read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sorterd.prediction import HeldOutPrediction


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One outcome per labelled row, in the caller's order; None where the row could never be held out (the only video
    of its folder, or all of the folder's videos are near-duplicates)."""

    outcomes: tuple[HeldOutPrediction | None, ...]

    def keyed(self, keys: Sequence[str]) -> dict[str, HeldOutPrediction]:
        """Return outcomes by `keys`, one per labelled row (fingerprints), for comparing two models on the rows they
        share.
        """
        return {key: outcome for key, outcome in zip(keys, self.outcomes, strict=True) if outcome is not None}
