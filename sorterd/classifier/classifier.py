"""The trained classifier: a video's vector in, folder and confidence out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from sorterd.classifier.arrays import Floats, unit
from sorterd.classifier.coefficients import Coefficients
from sorterd.classifier.confidence import Evidence, Usual, belief, terms, traits
from sorterd.classifier.decision import DecisionRules, decide
from sorterd.classifier.explanation import Explanation, Neighbour, Trait
from sorterd.classifier.held_out import CandidateResult
from sorterd.classifier.labelled import checked_rows
from sorterd.classifier.modality import Modalities, split_modalities
from sorterd.classifier.scorers import Scorers
from sorterd.classifier.similarity import Similarity
from sorterd.classifier.stacking import stacked
from sorterd.prediction import HeldOutPrediction, Prediction

# Rows are judged in blocks of this many, filled up with zeros: a matrix product rounds a row by the shape of the whole.
BLOCK = 64


@dataclass(frozen=True, slots=True)
class Classifier:
    """Scores -> folder -> traits -> confidence -> decision.

    `weights` are what each scorer counts, `kind` is the candidate that counts most. `accuracy` is of rows held out
    (None: nothing could be). `held_out` is what was said of each labelled row without it, in the caller's order (None:
    it is the only one of its folder, or all rows of the folder are near-duplicates).
    `rejected` [r, d] are the projections of videos taken out of folders: each competes like a folder.
    """

    kind: str
    widths: tuple[int, ...]
    rules: DecisionRules
    scorers: Scorers
    weights: Floats
    similarity: Similarity
    rejected: Floats
    usual: Usual
    coefficients: Coefficients
    accuracy: float | None
    candidates: dict[str, CandidateResult]
    held_out: tuple[HeldOutPrediction | None, ...]

    def predict(self, features: ArrayLike, strangers: float = 0.5) -> list[Prediction]:
        """Return one prediction per row of `features` [n, D], whatever the other rows are.

        `strangers` is the share of all videos that belong to no folder, above 0 and below 1. Raise `TrainingDataError`
        on a wrong width or NaN, ValueError on another share.
        """
        if not 0.0 < strangers < 1.0:
            raise ValueError(f"strangers must lie between 0 and 1, got {strangers}")
        rows = self._checked(features)
        predictions: list[Prediction] = []
        with threadpool_limits(limits=1):
            for start in range(0, len(rows), BLOCK):
                block = np.zeros((BLOCK, rows.shape[1]))
                count = len(rows[start : start + BLOCK])
                block[:count] = rows[start : start + BLOCK]
                predictions += self._predict(split_modalities(block, self.widths), strangers)[:count]
        return predictions

    def _predict(self, modalities: Modalities, strangers: float) -> list[Prediction]:
        count = self.scorers.count
        believed = np.zeros((len(modalities[0].rows), len(self.rules.folders)))
        found: dict[str, Floats] = {}
        if count:
            evidence = self.evidence(modalities)
            found = traits(evidence, self.usual)
            believed[:, :count] = belief(evidence.shares, found, self.coefficients, strangers)
        if count < believed.shape[1]:
            # An empty folder can only claim what the folders with videos leave over.
            by_name = stacked(self.scorers.name_scores(modalities), self._name_weights())
            believed[:, count:] = by_name[:, count:] * (1.0 - believed.sum(axis=1, keepdims=True))
        blank = ~np.any([part.present for part in modalities], axis=0)
        return [
            decide(row, {name: float(values[i]) for name, values in found.items()}, bool(blank[i]), self.rules)
            for i, row in enumerate(believed)
        ]

    def evidence(self, modalities: Modalities) -> Evidence:
        """Return what is measured of videos before any of it is weighed."""
        nearest = (self.similarity.project(modalities) @ self.rejected.T).max(axis=1, initial=-1.0)
        return Evidence(
            shares=stacked(self.scorers.scores(modalities), self.weights),
            similarity=self.similarity.measure(modalities),
            rejected=nearest,
            added=self.similarity.added(modalities),
        )

    def explain(self, vector: ArrayLike, labelled: ArrayLike, labels: Sequence[str], nearest: int = 5) -> Explanation:
        """Return why `vector` [D] has its prediction. `labelled` [n, D] with `labels` are the videos to find neighbours
        in.
        """
        row = self._checked(np.atleast_2d(np.asarray(vector)))
        modalities = split_modalities(row, self.widths)
        scores = self.scorers.scores(modalities)[0]
        folders = self.rules.folders[: self.scorers.count]
        heads, count = len(scores) - len(modalities), len(modalities)

        def alone(some: slice) -> tuple[tuple[str, float], ...]:
            silent = not (np.any(scores[some]) and np.any(self.weights[some]))
            return () if silent else _ranked(folders, stacked(scores[None, some], self.weights[some])[0])

        prediction = self.predict(row)[0]
        found = traits(self.evidence(modalities), self.usual) if folders else {}
        added = terms(found, self.coefficients) if folders else {}
        return Explanation(
            prediction=prediction,
            modalities=tuple(alone(slice(i, heads, count)) for i in range(count)),
            names=alone(slice(heads, None)),
            neighbours=self._neighbours(modalities, labelled, labels, nearest),
            none_probability=max(0.0, 1.0 - sum(share for _, share in prediction.top)),
            baseline=self.coefficients.intercept,
            traits=tuple(
                Trait(name, float(found[name][0]), float(one[0]))
                for name, one in added.items()
                if name in self.coefficients.weights or one[0] < 0.0
            ),
        )

    def _neighbours(
        self, video: Modalities, labelled: ArrayLike, labels: Sequence[str], nearest: int
    ) -> tuple[Neighbour, ...]:
        if len(labels) == 0:
            return ()
        rows = split_modalities(self._checked(labelled), self.widths)
        near = unit(self.similarity.project(rows)) @ unit(self.similarity.project(video))[0]
        return tuple(Neighbour(int(i), labels[i], float(near[i])) for i in np.argsort(-near, kind="stable")[:nearest])

    def _checked(self, features: ArrayLike) -> Floats:
        rows, width = np.asarray(features), sum(self.widths)
        return checked_rows("features", rows if rows.size else np.zeros((0, width)), width)

    def _name_weights(self) -> Floats:
        fitted = self.weights[-len(self.widths) :]
        # Names that the labels reject still order the empty folders, but with little confidence.
        return np.where(np.arange(len(fitted)) == 0, np.maximum(fitted, 0.2), fitted)


def _ranked(folders: Sequence[str], shares: Floats) -> tuple[tuple[str, float], ...]:
    return tuple((folders[i], float(shares[i])) for i in np.argsort(-shares, kind="stable"))
