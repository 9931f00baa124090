"""Training, top-down: check -> fold -> score rows held out by every candidate -> weigh -> learn what is usual."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from sorterd.classifier.arrays import Ints, TrainingDataError
from sorterd.classifier.classifier import Classifier
from sorterd.classifier.coefficients import COEFFICIENTS
from sorterd.classifier.confidence import Evidence, belief, traits, usual
from sorterd.classifier.decision import DecisionRules, decide
from sorterd.classifier.folds import ALWAYS_TRAINED_ON, assign_folds
from sorterd.classifier.heads import KIND
from sorterd.classifier.heads.prototypes import SCALE
from sorterd.classifier.held_out import hold_out
from sorterd.classifier.labelled import Labelled, check_library
from sorterd.classifier.names import CategoryVectors
from sorterd.classifier.scorers import fit_scorers
from sorterd.classifier.similarity import similarity_of
from sorterd.defaults import HEADS, THRESHOLD
from sorterd.prediction import HeldOutPrediction


def train_classifier(
    features: ArrayLike,
    labels: Sequence[str],
    *,
    blocks: Sequence[int] | None = None,
    groups: Sequence[int] | None = None,
    category_vectors: CategoryVectors | None = None,
    unlabeled: ArrayLike | None = None,  # noqa: ARG001
    seed: int = 0,  # noqa: ARG001
    negatives: ArrayLike | None = None,
    candidates: Sequence[str] = HEADS,
    min_per_category: int = 1,
    threshold: float = THRESHOLD,
    captions: Collection[int] = (2,),
) -> Classifier:
    """Learn folders from labelled vectors.

    Given `features` float32 [n, D] as extracted and their `labels`; `blocks`, the widths of the modalities, e.g.
    (512, 512), or None for one; `groups`, n ids of near-duplicates (None: found by `near_duplicates`);
    `category_vectors`, {folder: [width of the last modality]}, the folder names through the text tower, also of empty
    folders, or one such mapping per modality; `negatives` [k, D], videos that the user took out of folders;
    `candidates`, heads that are weighed against each other; `min_per_category`, labels below which a folder is
    suggested but never moved into; `threshold`, the confidence from which a video is moved; `captions`, which of the
    modalities are captions: by default the third, after pictures and speech. Captions that repeat within a folder count
    as missing, see `repeated_texts`.

    The result depends on the set of labelled and negative rows, not on their order. `unlabeled` and `seed` are accepted
    and ignored: no decision depends on other videos that wait, nor on chance.

    Raise `TrainingDataError` (a ValueError) where the arrays do not fit together or hold NaN.
    """
    unknown = sorted(set(candidates) - set(KIND))
    if unknown or not candidates:
        raise TrainingDataError(f"candidates must be one or more of {', '.join(KIND)}, got {list(candidates)}")
    library = check_library(
        features,
        labels,
        blocks=blocks,
        groups=groups,
        category_vectors=category_vectors,
        negatives=negatives,
        captions=captions,
    )
    videos = np.bincount(library.categories, minlength=len(library.folders))
    rules = DecisionRules(library.folders, tuple(videos.tolist()), threshold, min_per_category)
    # One thread: the matrices are small, threads that wait for each other on a busy machine took ten times as long, and
    # this way sums do not depend on the number of cores.
    with threadpool_limits(limits=1):
        return _train(library, rules, candidates)


def _train(library: Labelled, rules: DecisionRules, candidates: Sequence[str]) -> Classifier:
    kinds = tuple(kind for kind in KIND if kind in candidates)
    folds = assign_folds(library.categories, library.groups)
    held_out = hold_out(tuple(dict.fromkeys(("prototypes", *kinds))), library, folds)
    members, counted = held_out.members, held_out.that_count(kinds)
    scorers = fit_scorers(tuple(dict.fromkeys((*counted, "prototypes"))), library, np.ones(len(folds), dtype=bool))
    similarity = similarity_of(scorers, held_out.weights(("prototypes",)))
    cosines = held_out.of(("prototypes",))[:, : len(library.widths)] / SCALE
    evidence = Evidence(
        shares=held_out.shares(counted),
        similarity=similarity.combine(cosines.swapaxes(0, 1), library.modalities),
        rejected=np.full(len(folds), -1.0),
        added=similarity.added(library.modalities),
    )
    return Classifier(
        kind=counted[0],
        widths=library.widths,
        rules=rules,
        scorers=replace(scorers, heads={kind: scorers.heads[kind] for kind in counted}),
        weights=held_out.weights(counted),
        similarity=similarity,
        rejected=similarity.project(library.rejected),
        usual=usual(evidence.similarity[members], library.categories[members]),
        coefficients=COEFFICIENTS,
        accuracy=held_out.result(evidence.shares).accuracy,
        candidates={kind: held_out.alone(kind) for kind in kinds},
        held_out=_held_out_predictions(library, folds, evidence, rules),
    )


def _held_out_predictions(
    library: Labelled, folds: Ints, evidence: Evidence, rules: DecisionRules
) -> tuple[HeldOutPrediction | None, ...]:
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
    return tuple(outcomes)
