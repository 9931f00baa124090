"""Is the new model at least as good as the one in use? Pure; both are judged on rows that neither had seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sorterd.prediction import HeldOutPrediction

# The new model is turned down only when chance would explain its losses less often than this.
CLEARLY = 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether to swap, and why, in one sentence. `worse` is what the new model does worse, "" for nothing."""

    swap: bool
    reason: str
    worse: str = ""


def not_worse(
    new: Mapping[str, HeldOutPrediction], old: Mapping[str, HeldOutPrediction], *, taught: bool = False
) -> Comparison:
    """Return whether to swap, and why.

    Both map fingerprints to out-of-fold outcomes recorded when each model was trained: what the old model would say
    today of rows that it was trained on proves nothing. Only rows that both held out are compared, against today's
    label (a correction counts against the model that had it wrong). The test is McNemar's, exact and one-sided, on
    predictions, on wrong moves, and on moves at all: a model that moves clearly less is only as good where it is right
    more often for it.

    `taught`: the user has filed or taken out something since the old model was trained. What the user says always
    counts, so the new model is taken, and what is worse about it is told.
    """
    common = sorted(new.keys() & old.keys())
    if not common:
        return Comparison(True, "no video was held out by both models, so the new one is taken")
    truth = {key: new[key].label for key in common}
    new_wrong = {key for key in common if new[key].predicted != truth[key]}
    old_wrong = {key for key in common if old[key].predicted != truth[key]}
    new_moves, old_moves = ({key for key in common if outcomes[key].move} for outcomes in (new, old))
    new_bad_moves, old_bad_moves = new_wrong & new_moves, old_wrong & old_moves
    n = len(common)
    figures = (
        f"{n - len(new_wrong)} of {n} right, before {n - len(old_wrong)}; "
        f"{len(new_moves)} of {n} would move, before {len(old_moves)}; "
        f"{len(new_bad_moves)} wrong moves, before {len(old_bad_moves)}"
    )
    if _clearly_more(new_wrong, old_wrong):
        fault = "is right clearly less often"
    elif _clearly_more(new_bad_moves, old_bad_moves):
        fault = "makes clearly more wrong moves"
    elif not _clearly_more(old_moves, new_moves):
        return Comparison(True, f"took the new model: not clearly worse on videos that neither had seen ({figures})")
    elif len(new_wrong) < len(old_wrong) or len(new_bad_moves) < len(old_bad_moves):
        return Comparison(True, f"took the new model: it moves clearly less, but is right more often ({figures})")
    else:
        fault = "moves clearly less and is right no more often"
    if taught:
        reason = f"took the new model, because what you have filed has changed; but it {fault} ({figures})"
    else:
        reason = f"kept the old model: what you have filed is the same, and the new one {fault} ({figures})"
    return Comparison(taught, reason, fault)


def _clearly_more(new: set[str], old: set[str]) -> bool:
    only_new, only_old = len(new - old), len(old - new)
    if only_new <= only_old:
        return False
    from scipy.stats import binomtest  # a second, and only a training needs it

    return bool(binomtest(only_new, only_new + only_old, 0.5, alternative="greater").pvalue < CLEARLY)
