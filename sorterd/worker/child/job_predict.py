"""Vectors in, the model's word on each out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sorterd.classifier import Classifier, Prediction, near_duplicates
from sorterd.worker.child.vectors import matrix
from sorterd.worker.messages import Predict, Predicted, RowPrediction


def predict(job: Predict, classifier: Classifier) -> Predicted:
    """One guess per row of `job`, at the job's threshold. Raises WrongWidth when the vectors are not for this model."""
    at_threshold = replace(classifier, rules=replace(classifier.rules, threshold=job.threshold))
    vectors = matrix(job.rows, sum(classifier.widths))
    predictions = at_threshold.predict(vectors, job.strangers)
    predictions = _as_rejected(predictions, vectors, job, classifier.widths)
    return Predicted(
        job.job,
        tuple(
            RowPrediction(
                row.fingerprint,
                said.folder,
                float(said.confidence),
                tuple((folder, float(share)) for folder, share in said.top[: job.top_k]),
                bool(said.move),
                said.reason,
            )
            for row, said in zip(job.rows, predictions, strict=True)
        ),
    )


def _as_rejected(
    predictions: Sequence[Prediction], vectors: NDArray[np.float32], job: Predict, widths: tuple[int, ...]
) -> list[Prediction]:
    """No video is moved where the user took nearly the same one out."""
    if not job.rejected or not any(said.move for said in predictions):
        return list(predictions)
    groups = near_duplicates(np.vstack([vectors, matrix(job.rejected, sum(widths))]), widths)
    taken_out = {(group, row.label) for group, row in zip(groups[len(vectors) :], job.rejected, strict=True)}
    return [
        replace(said, move=False, reason=f"you took nearly the same video out of {said.folder}")
        if said.move and (group, said.folder) in taken_out
        else said
        for said, group in zip(predictions, groups, strict=False)
    ]
