"""Training, top-down: check -> fold -> score every candidate on rows it has not seen -> calibrate -> keep the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from sorterd.classifier.arrays import Bools, Floats, Ints
from sorterd.classifier.classifier import CandidateResult, Classifier
from sorterd.classifier.decision import Rules, decide
from sorterd.classifier.evaluation import Evaluation, Outcome
from sorterd.classifier.folds import ALWAYS_TRAINED_ON, assign_folds
from sorterd.classifier.halves import take
from sorterd.classifier.heads import CANDIDATES, FIT
from sorterd.classifier.labelled import Labelled, TrainingDataError, check_library
from sorterd.classifier.mixing import fit_weights, mix
from sorterd.classifier.none_of_these import Learned, learn_belonging
from sorterd.classifier.voices import Voices, fit_voices

THRESHOLD = 0.85


def train_classifier(
    features: ArrayLike,
    labels: Sequence[str],
    *,
    blocks: Sequence[int] | None = None,
    groups: Sequence[int] | None = None,
    category_vectors: Mapping[str, ArrayLike] | None = None,
    unlabeled: ArrayLike | None = None,
    seed: int = 0,
    negatives: ArrayLike | None = None,
    candidates: Sequence[str] = CANDIDATES,
    min_per_category: int = 1,
    threshold: float = THRESHOLD,
) -> Classifier:
    """Learn folders from labelled vectors.

    Given `features` float32 [n, D] as extracted and their `labels`; `blocks`, the widths of the halves, e.g.
    (512, 512), or None for one block; `groups`, n ids of near-duplicates (None: found by `near_duplicates`);
    `category_vectors`, {folder: [width of the last half]}, the folder names through the text tower, also of empty
    folders; `unlabeled` [m, D], the inbox (None: those that are asked about together count as one); `negatives`
    [k, D], videos that the user took out of folders; `candidates` to compare; `min_per_category`, labels below which a
    folder is suggested but never moved into; `threshold`, the confidence from which a video is moved. The result
    depends on `seed` and on the set of rows, not on their order.

    Raise `TrainingDataError` (a ValueError) where the arrays do not fit together or hold NaN.
    """
    unknown = sorted(set(candidates) - set(FIT))
    if unknown or not candidates:
        raise TrainingDataError(f"candidates must be one or more of {', '.join(FIT)}, got {list(candidates)}")
    library = check_library(
        features,
        labels,
        blocks=blocks,
        groups=groups,
        category_vectors=category_vectors,
        unlabeled=unlabeled,
        negatives=negatives,
    )
    videos = np.bincount(library.categories, minlength=len(library.folders))
    rules = Rules(library.folders, tuple(videos.tolist()), threshold, min_per_category)
    # One thread: the matrices are small, threads that wait for each other on a busy machine took ten times as long, and
    # this way sums do not depend on the number of cores.
    with threadpool_limits(limits=1):
        return _train(library, rules, candidates, seed)


def _train(library: Labelled, rules: Rules, candidates: Sequence[str], seed: int) -> Classifier:
    folds = assign_folds(library.categories, library.groups, seed)

    trials = {kind: _try_candidate(kind, library, folds, seed) for kind in dict.fromkeys(("prototypes", *candidates))}
    chosen = _choose({kind: trials[kind] for kind in FIT if kind in candidates})
    everything = np.ones(len(folds), dtype=bool)
    voices = fit_voices(chosen, library, everything, seed)
    prototypes = voices if chosen == "prototypes" else fit_voices("prototypes", library, everything, seed)
    by_likeness = trials["prototypes"]
    none = learn_belonging(library, folds, by_likeness.by_fold, prototypes, by_likeness.weights, seed)
    return Classifier(
        kind=chosen,
        widths=library.widths,
        rules=rules,
        voices=voices,
        weights=trials[chosen].weights,
        belonging=none.belonging,
        usual_likeness=none.usual_likeness,
        candidates={kind: trials[kind].result(library.categories) for kind in candidates},
        evaluation=_evaluate(library, folds, trials[chosen], none, rules),
    )


@dataclass(frozen=True, slots=True)
class Trial:
    """One candidate on rows that it had not seen: `by_fold` are its voices without each fold.

    `said` [n, voices, categories]; `shares` [n, categories] with weights fitted on the other folds; `weights` from all.
    `held_out` marks the rows that a head could be scored on, `losses` is the log loss of each of them; on the others
    only the names speak.
    """

    by_fold: tuple[Voices, ...]
    said: Floats
    shares: Floats
    weights: Floats
    held_out: Bools
    losses: Floats

    def result(self, categories: Ints) -> CandidateResult:
        """Accuracy and log loss over the rows held out."""
        if not self.held_out.any():
            return CandidateResult(None, None)
        right = self.shares.argmax(axis=1) == categories
        return CandidateResult(float(right[self.held_out].mean()), float(self.losses.mean()))


def _try_candidate(kind: str, library: Labelled, folds: Ints, seed: int) -> Trial:
    halves = len(library.widths)
    said = np.zeros((len(folds), 2 * halves, library.count))
    by_fold = []
    for fold in np.unique(folds):
        out = folds == fold
        trained_on = ~out if fold != ALWAYS_TRAINED_ON else np.ones_like(out)
        voices = fit_voices(kind, library, trained_on, seed)
        said[out] = voices.speak(take(library.halves, out))
        if fold != ALWAYS_TRAINED_ON:
            by_fold.append(voices)
    said[folds == ALWAYS_TRAINED_ON, :halves] = 0.0
    start = np.zeros(2 * halves)
    start[0] = 1.0
    shares = np.zeros((len(folds), library.count))
    for fold in np.unique(folds):
        out = folds == fold
        shares[out] = mix(said[out], fit_weights(said[~out], library.categories[~out], start))
    held_out = folds != ALWAYS_TRAINED_ON
    believed = shares[np.arange(len(folds)), library.categories][held_out]
    losses = -np.log(np.maximum(believed, 1e-12))
    return Trial(tuple(by_fold), said, shares, fit_weights(said, library.categories, start), held_out, losses)


def _choose(trials: Mapping[str, Trial]) -> str:
    """The first candidate, unless another's log loss is lower by more than one standard error of the difference.

    The rule of Breiman et al. (1984): on few rows the lowest loss is often luck.
    """
    first = next(iter(trials))
    if len(trials[first].losses) < 2:
        return first

    def lead(kind: str) -> float:
        gain = trials[first].losses - trials[kind].losses
        return float(gain.mean() - gain.std(ddof=1) / np.sqrt(len(gain)))

    best = max(trials, key=lead)
    return best if lead(best) > 0 else first


def _evaluate(library: Labelled, folds: Ints, trial: Trial, none: Learned, rules: Rules) -> Evaluation:
    """Decide on every held-out row with weights and strangers fitted without its fold."""
    outcomes: list[Outcome | None] = [None] * len(folds)
    for fold in np.unique(folds[folds != ALWAYS_TRAINED_ON]):
        rows = np.flatnonzero(folds == fold)
        for row, share, belongs in zip(rows, trial.shares[rows], none.without(fold, folds), strict=True):
            shares = np.zeros(len(rules.folders))
            shares[: library.count] = share * belongs
            said = decide(shares, float(belongs), False, rules)
            label = library.folders[library.categories[row]]
            outcomes[library.order[row]] = Outcome(label, said.folder, said.confidence, said.move)
    return Evaluation(tuple(outcomes))
