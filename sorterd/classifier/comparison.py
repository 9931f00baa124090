"""Is the new model at least as good as the one in use? Pure; both are judged on rows that neither had seen."""

from __future__ import annotations

from collections.abc import Mapping

from scipy.stats import binomtest

from sorterd.classifier.evaluation import HeldOutPrediction

# The new model is turned down only when chance would explain its losses less often than this.
CLEARLY = 0.05


def not_worse(new: Mapping[str, HeldOutPrediction], old: Mapping[str, HeldOutPrediction]) -> tuple[bool, str]:
    """Whether to swap, and why, in one sentence.

    Both map fingerprints to out-of-fold outcomes recorded when each model was trained: what the old model would say
    today of rows that it was trained on proves nothing. Only rows that both held out are compared, against today's
    label (a correction counts against the model that had it wrong). The test is McNemar's, exact and one-sided, on
    predictions, on wrong moves, and on moves at all: a model that moves clearly less is only taken where it is right
    more often for it.
    """
    common = sorted(new.keys() & old.keys())
    if not common:
        return True, "no video was held out by both models, so the new one is taken"
    truth = {key: new[key].label for key in common}
    new_wrong = {key for key in common if new[key].predicted != truth[key]}
    old_wrong = {key for key in common if old[key].predicted != truth[key]}
    new_moves, old_moves = ({key for key in common if outcomes[key].move} for outcomes in (new, old))
    new_bad_moves = {key for key in new_wrong if new[key].move}
    old_bad_moves = {key for key in old_wrong if old[key].move}
    n = len(common)
    figures = f"{n - len(new_wrong)} of {n} right, before {n - len(old_wrong)}"
    moves = f"{len(new_bad_moves)} wrong moves of {n}, before {len(old_bad_moves)}"
    moved = f"{len(new_moves)} of {n} would move, before {len(old_moves)}"
    if _clearly_more(new_wrong, old_wrong):
        return False, f"kept the old model: the new one is clearly worse ({figures})"
    if _clearly_more(new_bad_moves, old_bad_moves):
        return False, f"kept the old model: the new one makes clearly more wrong moves ({moves})"
    more_right = len(new_wrong) < len(old_wrong) or len(new_bad_moves) < len(old_bad_moves)
    if _clearly_more(old_moves, new_moves) and not more_right:
        return False, f"kept the old model: the new one is not right more often and moves clearly less ({moved})"
    return True, f"took the new model: not clearly worse on videos that neither had seen ({figures}; {moves}; {moved})"


def _clearly_more(new: set[str], old: set[str]) -> bool:
    only_new, only_old = len(new - old), len(old - new)
    if only_new <= only_old:
        return False
    return bool(binomtest(only_new, only_new + only_old, 0.5, alternative="greater").pvalue < CLEARLY)
