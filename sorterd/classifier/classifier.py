"""The trained classifier: a video's vector in, folder and confidence out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sorterd.classifier.arrays import Floats, softmax
from sorterd.classifier.belonging import Belonging
from sorterd.classifier.decision import Rules, decide
from sorterd.classifier.evaluation import Evaluation
from sorterd.classifier.halves import Halves, split_halves
from sorterd.classifier.labelled import checked_rows
from sorterd.classifier.mixing import mix
from sorterd.classifier.prediction import Explanation, Neighbour, Prediction
from sorterd.classifier.voices import Voices


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """One candidate on rows held out: accuracy and log loss; None when nothing could be held out."""

    accuracy: float | None
    log_loss: float | None


@dataclass(frozen=True, slots=True)
class Classifier:
    """Scores -> calibration -> none of these -> decision.

    `kind` is the chosen candidate, `weights` what each voice counts, `evaluation` the outcomes on rows held out.
    `usual_likeness` is the median of the best likeness of held-out members.
    """

    kind: str
    widths: tuple[int, ...]
    rules: Rules
    voices: Voices
    weights: Floats
    belonging: Belonging
    usual_likeness: float
    candidates: dict[str, CandidateResult]
    evaluation: Evaluation

    def predict(self, features: ArrayLike) -> list[Prediction]:
        """One prediction per row of `features` [n, D]. Raise `TrainingDataError` on a wrong width or NaN."""
        halves = self._halves(features)
        blank = ~np.any([half.present for half in halves], axis=0)
        shares, belonging = self.probabilities(halves)
        return [decide(shares[i], float(belonging[i]), bool(blank[i]), self.rules) for i in range(len(blank))]

    def probabilities(self, halves: Halves) -> tuple[Floats, Floats]:
        """Each folder's probability [n, folders], and that of belonging to any folder that has videos [n]."""
        count = self.voices.count
        shares = np.zeros((len(halves[0].rows), len(self.rules.folders)))
        belonging = np.zeros(len(shares))
        if count:
            belonging = self.belonging.probability(halves)
            shares[:, :count] = mix(self.voices.speak(halves), self.weights) * belonging[:, None]
        if count < shares.shape[1]:
            # An empty folder can only claim what the folders with videos leave over.
            by_name = mix(self.voices.speak_names(halves), self._name_weights())
            shares[:, count:] = by_name[:, count:] * (1 - belonging)[:, None]
        return shares, belonging

    def explain(self, vector: ArrayLike, labelled: ArrayLike, labels: Sequence[str], nearest: int = 5) -> Explanation:
        """Why `vector` [D] is judged as it is. `labelled` [n, D] with `labels` are the videos to find neighbours in."""
        row = checked_rows("vector", np.atleast_2d(np.asarray(vector)), sum(self.widths))
        halves = split_halves(row, self.widths)
        said = self.voices.speak(halves)[0]
        folders = self.rules.folders[: self.voices.count]
        alone = tuple(
            _ranked(folders, softmax(said[i] * self.weights[i])) if half.present[0] and self.weights[i] > 0 else ()
            for i, half in enumerate(halves)
        )
        name_weights = self.weights[len(halves) :]
        by_name = _ranked(folders, mix(said[None, len(halves) :], name_weights)[0]) if name_weights.any() else ()
        measured = self.belonging.traits.likeness.measure(halves)
        return Explanation(
            prediction=self.predict(row)[0],
            halves=alone,
            names=by_name,
            neighbours=self._neighbours(row, labelled, labels, nearest),
            none_probability=float(1 - self.probabilities(halves)[1][0]),
            likeness=float(measured.max(initial=-1.0)),
            usual_likeness=self.usual_likeness,
        )

    def _neighbours(
        self, row: Floats, labelled: ArrayLike, labels: Sequence[str], nearest: int
    ) -> tuple[Neighbour, ...]:
        if len(labels) == 0:
            return ()
        place = self.belonging.traits.likeness.place
        near = place(self._halves(labelled)) @ place(self._halves(row))[0]
        return tuple(Neighbour(int(i), labels[i], float(near[i])) for i in np.argsort(-near, kind="stable")[:nearest])

    def _halves(self, features: ArrayLike) -> Halves:
        rows = np.asarray(features)
        if rows.size == 0:
            rows = np.zeros((0, sum(self.widths)))
        return split_halves(checked_rows("features", rows, sum(self.widths)), self.widths)

    def _name_weights(self) -> Floats:
        fitted = self.weights[len(self.widths) :]
        # Names that the labels reject still order the empty folders, but with little confidence.
        return np.where(np.arange(len(fitted)) == 0, np.maximum(fitted, 0.2), fitted)


def _ranked(folders: Sequence[str], shares: Floats) -> tuple[tuple[str, float], ...]:
    return tuple((folders[i], float(shares[i])) for i in np.argsort(-shares, kind="stable"))
