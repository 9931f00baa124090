"""The worker's jobs, made from what the store holds."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sorterd.features.settings import FeatureSettings, FeatureSpace
from sorterd.pipeline.model_in_use import predictor_id
from sorterd.pipeline.stranger_share import stranger_share
from sorterd.store.backlog import Backlog
from sorterd.store.rows import Rows
from sorterd.store.store import Store
from sorterd.worker.job_messages import Export, FeatureRow, Item, Job, Pictures, Predict, Train

PREDICT_BATCH = 1000


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


def stage_of(job: Job) -> str:
    """Return the name of the stage that a job belongs to."""
    return type(job).__name__.lower()


def train(
    number: int, store: Store, space: FeatureSpace, settings: PipelineSettings, *, now: float, guess: bool = False
) -> Train:
    """Return a job with everything that a model can be made from. For a `guess`, also videos with a caption alone."""
    labelled, unlabeled = _rows(store, space, with_captions_alone=guess)
    return Train(
        job=number,
        labelled=labelled,
        unlabeled=unlabeled,
        rejected=_rejected(store, space),
        categories=tuple(store.files.categories()),
        space=space.id,
        feature_space=space.model_id,
        modalities=space.modalities,
        candidates=settings.candidates,
        min_per_category=settings.min_per_category,
        now=now,
        threshold=settings.threshold,
    )


def export(number: int, store: Store, space: FeatureSpace) -> Export:
    """Return a job that writes the embeddings of all filed and all unsorted videos."""
    return Export(number, *_rows(store, space, with_captions_alone=False), space.modalities)


def pictures(number: int, store: Store, root: Path, videos: Collection[str]) -> Pictures:
    """Return a job that draws pictures of those of the videos that are still on disk."""
    places = [(video, store.files.places(video)) for video in videos]
    return Pictures(number, tuple(Item(video, os.fsencode(root / at[0].path)) for video, at in places if at))


def predict(
    number: int,
    store: Store,
    backlog: Backlog,
    space: FeatureSpace,
    settings: PipelineSettings,
    model: Mapping[str, Any],
) -> Predict:
    """Return a job for videos, not filed by the user, that the model in use has not predicted."""
    strangers = stranger_share(store, model)
    due = backlog.unpredicted(predictor_id(model, settings.threshold, strangers), PREDICT_BATCH)
    rows = Rows(store.connection, space)
    return Predict(
        number,
        tuple(FeatureRow(video, path, row.vector) for video, path in due if (row := rows.get(video)) is not None),
        top_k=settings.top_k,
        threshold=settings.threshold,
        trained_at=str(model["trained_at"]),
        rejected=_rejected(store, space),
        strangers=strangers,
        modalities=space.modalities,
    )


def _rejected(store: Store, space: FeatureSpace) -> tuple[FeatureRow, ...]:
    """Return the videos that the user took out of a category, once for each category."""
    found = Rows(store.connection, space).rejected()
    return tuple(FeatureRow(row.fingerprint, "", row.vector, folder) for row, folder in found if row.extracted)


def _rows(
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
