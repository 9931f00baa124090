"""Vectors in, predictions out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sorterd.classifier import Classifier, Prediction, near_duplicates
from sorterd.worker.child.vectors import matrix
from sorterd.worker.messages import Predict, Predicted


def predict(job: Predict, classifier: Classifier) -> Predicted:
    """Predict each row of `job` at the job's threshold. Raise WrongWidth when the vectors are not for this model."""
    at_threshold = replace(classifier, rules=replace(classifier.rules, threshold=job.threshold))
    vectors = matrix(job.rows, sum(classifier.widths))
    predictions = at_threshold.predict(vectors, job.strangers)
    predictions = _as_rejected(predictions, vectors, job, classifier.widths)
    return Predicted(
        job.job,
        tuple(
            (row.fingerprint, _plain(prediction, job.top_k))
            for row, prediction in zip(job.rows, predictions, strict=True)
        ),
    )


def _plain(one: Prediction, top_k: int) -> Prediction:
    """The prediction with the best `top_k` folders, and without NumPy's numbers."""
    top = tuple((folder, float(share)) for folder, share in one.top[:top_k])
    return replace(one, confidence=float(one.confidence), top=top, move=bool(one.move))


def _as_rejected(
    predictions: Sequence[Prediction], vectors: NDArray[np.float32], job: Predict, widths: tuple[int, ...]
) -> list[Prediction]:
    """No video is moved where the user took nearly the same one out."""
    if not job.rejected or not any(one.move for one in predictions):
        return list(predictions)
    groups = near_duplicates(np.vstack([vectors, matrix(job.rejected, sum(widths))]), widths)
    taken_out = {(group, row.label) for group, row in zip(groups[len(vectors) :], job.rejected, strict=True)}
    return [
        replace(one, move=False, reason=f"you took nearly the same video out of {one.folder}")
        if one.move and (group, one.folder) in taken_out
        else one
        for one, group in zip(predictions, groups, strict=False)
    ]
