"""Decide on every predicted inbox video. Nothing is moved here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sorterd.changes import KnownFile
from sorterd.prediction import Prediction, as_json
from sorterd.sorting.vetoes import Decision, UserFeedback, decide
from sorterd.store.store import Store


@dataclass(frozen=True, slots=True)
class InboxDecision:
    """One inbox file with its prediction and the decision."""

    file: KnownFile
    prediction: Prediction
    decision: Decision

    def as_json(self) -> dict[str, Any]:
        """Return it as an entry of `predictions.json`."""
        return as_json(self.file.path, self.prediction, self.decision.action, self.decision.reason)


def decide_inbox(
    store: Store,
    predictor: str | None,
    *,
    sure: bool = False,
    only: Collection[str] | None = None,
    never_into: Collection[str] = (),
) -> list[InboxDecision]:
    """Return every inbox file that has a prediction by this predictor, with the decision, by path.

    `sure`: only those that the predictor would move. `only`: only these contents. `never_into`: the folders into which
    nothing is moved.
    """
    if predictor is None:
        return []
    predictions = store.predictions.of_inbox(predictor, sure=sure, only=only)
    if not predictions:
        return []
    rejections, held, folders = store.files.rejections(), store.files.held(), store.files.folders()
    decisions = []
    for file, prediction, filed in predictions:
        feedback = UserFeedback(filed, rejections.get(file.fingerprint, ()), file.fingerprint in held)
        decisions.append(InboxDecision(file, prediction, decide(prediction, feedback, folders, never_into)))
    return decisions
