"""How every candidate scores the labelled rows when it has not seen them: what all else is learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sorterd.classifier.arrays import Bools, Floats, Ints
from sorterd.classifier.folds import ALWAYS_TRAINED_ON
from sorterd.classifier.labelled import Labelled
from sorterd.classifier.modality import take
from sorterd.classifier.scorers import fit_scorers
from sorterd.classifier.stacking import fit_weights, stacked

# A candidate whose part in the sum of scores is smaller is left out: each costs time and room.
LITTLE = 0.05
# Standard errors that chance exceeds in one of ten cases.
ONE_IN_TEN = 1.28


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """One candidate alone on rows held out: accuracy and log loss; None when nothing could be held out."""

    accuracy: float | None
    log_loss: float | None


@dataclass(frozen=True, slots=True)
class HeldOutScores:
    """`scores` [n, scorers, count] of all rows by scorers that were fitted without the fold of each, in the order of
    `Scorers.scores` for `kinds`. On rows that must always be trained on only the names speak. `first` is the first of
    the modalities that any row has."""

    kinds: tuple[str, ...]
    modalities: int
    first: int
    scores: Floats
    categories: Ints
    folds: Ints

    @property
    def members(self) -> Bools:
        """The rows that a head could be scored on."""
        return np.asarray(self.folds != ALWAYS_TRAINED_ON)

    def of(self, kinds: Sequence[str]) -> Floats:
        """Return the scores by these candidates and by the names, [n, scorers, count]."""
        places = [self.modalities * self.kinds.index(kind) + i for kind in kinds for i in range(self.modalities)]
        names = range(self.scores.shape[1] - self.modalities, self.scores.shape[1])
        return np.asarray(self.scores[:, [*places, *names]])

    def weights(self, kinds: Sequence[str]) -> Floats:
        """Return what each scorer of these candidates and the names counts; at first `first` by the first one alone."""
        return self._fit(self.of(kinds), np.ones(len(self.folds), dtype=bool))

    def shares(self, kinds: Sequence[str]) -> Floats:
        """Return the shares of the folders [n, count] by these candidates, weighed without the fold of each row."""
        scores = self.of(kinds)
        shares = np.zeros((len(scores), scores.shape[2]))
        for fold in np.unique(self.folds):
            out = self.folds == fold
            shares[out] = stacked(scores[out], self._fit(scores, ~out))
        return shares

    def that_count(self, kinds: Sequence[str]) -> tuple[str, ...]:
        """Return the candidates that change the weighed sum of scores noticeably, most first."""
        if not self.members.any():
            return tuple(kinds[:1])
        changes = self.weights(kinds) * self.of(kinds)[self.members].std(axis=(0, 2))
        by_kind = changes[: -self.modalities].reshape(len(kinds), -1).sum(axis=1)
        order = np.argsort(-by_kind, kind="stable")
        return tuple(kinds[i] for i in order if by_kind[i] >= LITTLE * by_kind.sum())

    def result(self, shares: Floats) -> CandidateResult:
        """Return how right these shares of the folders [n, count] are."""
        members, categories = self.members, self.categories
        if not members.any():
            return CandidateResult(None, None)
        loss = float(-np.log(np.maximum(shares[members, categories[members]], 1e-12)).mean())
        return CandidateResult(float((shares.argmax(axis=1) == categories)[members].mean()), loss)

    def alone(self, kind: str) -> CandidateResult:
        """Return how right a candidate would be without the others."""
        if not self.members.any():
            return CandidateResult(None, None)
        return self.result(stacked(self.of((kind,)), self.weights((kind,))))

    def _fit(self, scores: Floats, rows: Bools) -> Floats:
        return fit_weights(scores[rows], self.categories[rows], np.eye(scores.shape[1])[self.first])


def hold_out(kinds: tuple[str, ...], library: Labelled, folds: Ints) -> HeldOutScores:
    """Fit the candidates without each fold in turn, and score it.

    A modality other than the first is silent unless the first of the candidates finds that it tells something.
    """
    count = len(library.widths)
    scores = np.zeros((len(folds), count * (len(kinds) + 1), library.count))
    for fold in np.unique(folds):
        out = folds == fold
        if fold == ALWAYS_TRAINED_ON:  # only the names needed no labels
            names = fit_scorers((), library, np.ones_like(out))
            scores[out, -count:] = names.scores(take(library.modalities, out))
        else:
            scores[out] = fit_scorers(kinds, library, ~out).scores(take(library.modalities, out))
    first = next((i for i, part in enumerate(library.modalities) if part.present.any()), 0)
    for i, part in enumerate(library.modalities):
        rows = part.present & (folds != ALWAYS_TRAINED_ON)
        if i != first and not (rows.any() and _tells(scores[rows, i], library.categories[rows])):
            scores[:, i : count * len(kinds) : count] = 0.0
    return HeldOutScores(kinds, count, first, scores, library.categories, folds)


def _tells(scores: Floats, categories: Ints) -> bool:
    """Return whether rows score higher for their own folder than for the average one, more than by chance.

    Each folder counts the same. What a modality adds to the others would be a worse test: where they tell the folders
    apart already it adds little to that, but still tells which videos belong to none.
    """
    lead = scores[np.arange(len(categories)), categories] - scores.mean(axis=1)
    share = 1.0 / np.bincount(categories)[categories]
    return bool(share @ lead > ONE_IN_TEN * (share**2 @ lead**2) ** 0.5)
