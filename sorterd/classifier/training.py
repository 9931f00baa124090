"""Training, top-down: check -> fold -> score every candidate on rows held out -> choose -> learn what is usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from sorterd.classifier.arrays import Bools, Floats, Ints
from sorterd.classifier.classifier import CandidateResult, Classifier
from sorterd.classifier.coefficients import COEFFICIENTS
from sorterd.classifier.confidence import Evidence, belief, traits, usual
from sorterd.classifier.decision import DecisionRules, decide
from sorterd.classifier.evaluation import Evaluation, HeldOutPrediction
from sorterd.classifier.folds import ALWAYS_TRAINED_ON, assign_folds
from sorterd.classifier.heads import FIT
from sorterd.classifier.labelled import Labelled, TrainingDataError, check_library
from sorterd.classifier.modality import take
from sorterd.classifier.scorers import Scorers, fit_scorers
from sorterd.classifier.similarity import similarity_of
from sorterd.classifier.stacking import fit_weights, stacked
from sorterd.defaults import HEADS, THRESHOLD


def train_classifier(
    features: ArrayLike,
    labels: Sequence[str],
    *,
    blocks: Sequence[int] | None = None,
    groups: Sequence[int] | None = None,
    category_vectors: Mapping[str, ArrayLike] | None = None,
    unlabeled: ArrayLike | None = None,  # noqa: ARG001
    seed: int = 0,  # noqa: ARG001
    negatives: ArrayLike | None = None,
    candidates: Sequence[str] = HEADS,
    min_per_category: int = 1,
    threshold: float = THRESHOLD,
) -> Classifier:
    """Learn folders from labelled vectors.

    Given `features` float32 [n, D] as extracted and their `labels`; `blocks`, the widths of the modalities, e.g.
    (512, 512), or None for one; `groups`, n ids of near-duplicates (None: found by `near_duplicates`);
    `category_vectors`, {folder: [width of the last modality]}, the folder names through the text tower, also of empty
    folders; `negatives` [k, D], videos that the user took out of folders; `candidates` to compare; `min_per_category`,
    labels below which a folder is suggested but never moved into; `threshold`, the confidence from which a video is
    moved.

    The result depends on the set of labelled and negative rows, not on their order. `unlabeled` and `seed` are accepted
    and ignored: no decision depends on other videos that wait, nor on chance.

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
        negatives=negatives,
    )
    videos = np.bincount(library.categories, minlength=len(library.folders))
    rules = DecisionRules(library.folders, tuple(videos.tolist()), threshold, min_per_category)
    # One thread: the matrices are small, threads that wait for each other on a busy machine took ten times as long, and
    # this way sums do not depend on the number of cores.
    with threadpool_limits(limits=1):
        return _train(library, rules, candidates)


def _train(library: Labelled, rules: DecisionRules, candidates: Sequence[str]) -> Classifier:
    folds = assign_folds(library.categories, library.groups)
    trials = {kind: _try_candidate(kind, library, folds) for kind in dict.fromkeys(("prototypes", *candidates))}
    chosen = _choose({kind: trials[kind] for kind in HEADS if kind in candidates})
    everything = np.ones(len(folds), dtype=bool)
    scorers = fit_scorers(chosen, library, everything)
    prototypes = scorers if chosen == "prototypes" else fit_scorers("prototypes", library, everything)
    similarity = similarity_of(prototypes, trials["prototypes"].weights)
    evidence = _held_out_evidence(library, folds, trials["prototypes"], trials[chosen].shares)
    members = folds != ALWAYS_TRAINED_ON
    return Classifier(
        kind=chosen,
        widths=library.widths,
        rules=rules,
        scorers=scorers,
        weights=trials[chosen].weights,
        similarity=similarity,
        rejected=similarity.project(library.rejected),
        usual=usual(evidence.similarity[members], library.categories[members]),
        coefficients=COEFFICIENTS,
        candidates={kind: trials[kind].result(library.categories) for kind in candidates},
        evaluation=_evaluate(library, folds, evidence, rules),
    )


@dataclass(frozen=True, slots=True)
class Trial:
    """One candidate on rows that it had not seen: `by_fold` are its scorers without each fold.

    `shares` [n, categories] are stacked with weights fitted on the other folds; `weights` are fitted on all.
    `held_out` marks the rows that a head could be scored on, `losses` is the log loss of each of them; on the others
    only the names speak.
    """

    by_fold: Mapping[int, Scorers]
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


def _try_candidate(kind: str, library: Labelled, folds: Ints) -> Trial:
    count = len(library.widths)
    start = np.eye(2 * count)[0]  # the picture alone
    scores = np.zeros((len(folds), len(start), library.count))
    by_fold = {}
    for fold in np.unique(folds):
        out = folds == fold
        by_fold[fold] = fit_scorers(kind, library, ~out if fold != ALWAYS_TRAINED_ON else np.ones_like(out))
        scores[out] = by_fold[fold].scores(take(library.modalities, out))
    held_out = folds != ALWAYS_TRAINED_ON
    scores[~held_out, :count] = 0.0  # only the names needed no labels
    shares = np.zeros((len(folds), library.count))
    for fold in np.unique(folds):
        out = folds == fold
        shares[out] = stacked(scores[out], fit_weights(scores[~out], library.categories[~out], start))
    believed = shares[np.arange(len(folds)), library.categories][held_out]
    losses = -np.log(np.maximum(believed, 1e-12))
    return Trial(by_fold, shares, fit_weights(scores, library.categories, start), held_out, losses)


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


def _held_out_evidence(library: Labelled, folds: Ints, prototypes: Trial, shares: Floats) -> Evidence:
    """What is measured of every labelled row by prototypes that had not seen it, with the `shares` by the candidate."""
    similarity = np.zeros_like(shares)
    for fold, scorers in prototypes.by_fold.items():
        out = folds == fold
        similarity[out] = similarity_of(scorers, prototypes.weights).measure(take(library.modalities, out))
    return Evidence(shares, similarity, np.full(len(folds), -1.0))


def _evaluate(library: Labelled, folds: Ints, evidence: Evidence, rules: DecisionRules) -> Evaluation:
    """Decide on every held-out row, with what is usual by the other folds."""
    outcomes: list[HeldOutPrediction | None] = [None] * len(folds)
    for fold in np.unique(folds[folds != ALWAYS_TRAINED_ON]):
        out, rest = folds == fold, (folds != fold) & (folds != ALWAYS_TRAINED_ON)
        norm = usual(evidence.similarity[rest], library.categories[rest])
        found = traits(evidence.take(out), norm)
        believed = np.zeros((int(out.sum()), len(rules.folders)))
        believed[:, : library.count] = belief(evidence.shares[out], found, COEFFICIENTS, 0.5)
        for i, row in enumerate(np.flatnonzero(out)):
            said = decide(believed[i], {name: float(values[i]) for name, values in found.items()}, False, rules)
            label = library.folders[library.categories[row]]
            outcomes[library.order[row]] = HeldOutPrediction(label, said.folder, said.confidence, said.move)
    return Evaluation(tuple(outcomes))
