"""What the worker's jobs are made from: the settings, and what the store holds."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sorterd.features.settings import FeatureSettings, FeatureSpace
from sorterd.store.rows import Rows
from sorterd.store.store import Store
from sorterd.worker.job_messages import FeatureRow


@dataclass(frozen=True, slots=True)
class PipelineSettings:
    """The settings of extraction, training and prediction."""

    features: FeatureSettings
    candidates: tuple[str, ...]
    min_per_category: int
    debounce_seconds: float
    trust_own_moves_after: float | None  # seconds; None for never
    threshold: float
    top_k: int = 3

    def training(self) -> str:
        """Return what a model depends on besides the videos and their labels."""
        return json.dumps([self.candidates, self.min_per_category, self.threshold])


def rejected_rows(store: Store, space: FeatureSpace) -> tuple[FeatureRow, ...]:
    """Return the videos that the user took out of a category, once for each category."""
    found = Rows(store.connection, space).rejected()
    return tuple(FeatureRow(row.fingerprint, "", row.vector, folder) for row, folder in found if row.extracted)


def feature_rows(
    store: Store, space: FeatureSpace, *, with_captions_alone: bool
) -> tuple[tuple[FeatureRow, ...], tuple[FeatureRow, ...]]:
    """Return the videos that the user labelled and those in the inbox, as far as they have features or a caption."""
    labels = store.files.labels()
    inbox = {file.fingerprint: file.path for file in store.files.inbox()}
    labelled, unlabeled = [], []
    for row in Rows(store.connection, space).all():
        content = row.fingerprint
        if not row.extracted and not with_captions_alone:
            continue
        if content in labels:
            path = next(file.path for file in store.files.places(content) if file.category == labels[content])
            labelled.append(FeatureRow(content, path, row.vector, labels[content]))
        elif content in inbox:
            unlabeled.append(FeatureRow(content, inbox[content], row.vector))
    return tuple(labelled), tuple(unlabeled)
