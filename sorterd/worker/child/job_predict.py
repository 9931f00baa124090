"""Classify vectors with the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sorterd.classifier import Classifier, Prediction
from sorterd.classifier.duplicates import same_footage
from sorterd.features.settings import Modality
from sorterd.worker.child.vectors import matrix
from sorterd.worker.job_messages import Predict
from sorterd.worker.report_messages import Predicted


def predict(job: Predict, classifier: Classifier) -> Predicted:
    """Return one prediction per row of `job`, at its threshold.

    Raise WrongWidth if the vectors do not fit the model.
    """
    at_threshold = replace(classifier, rules=replace(classifier.rules, threshold=job.threshold))
    vectors = matrix(job.rows, sum(classifier.widths))
    predictions = at_threshold.predict(vectors, job.strangers)
    modalities = job.modalities or [Modality("", width) for width in classifier.widths]
    predictions = _as_rejected(predictions, vectors, job, modalities)
    return Predicted(
        job.job,
        tuple(
            (row.fingerprint, _plain(prediction, job.top_k))
            for row, prediction in zip(job.rows, predictions, strict=True)
        ),
    )


def _plain(prediction: Prediction, top_k: int) -> Prediction:
    """Return the prediction with only the best `top_k` folders, and with plain numbers instead of NumPy's."""
    top = tuple((folder, float(share)) for folder, share in prediction.top[:top_k])
    return replace(prediction, confidence=float(prediction.confidence), top=top, move=bool(prediction.move))


def _as_rejected(
    predictions: Sequence[Prediction], vectors: NDArray[np.float32], job: Predict, modalities: Sequence[Modality]
) -> list[Prediction]:
    """Return the predictions with no move into a folder from which the user took nearly the same video out."""
    if not job.rejected or not any(prediction.move for prediction in predictions):
        return list(predictions)
    groups = same_footage(np.vstack([vectors, matrix(job.rejected, vectors.shape[1])]), modalities)
    taken_out = {(group, row.label) for group, row in zip(groups[len(vectors) :], job.rejected, strict=True)}
    return [
        replace(prediction, move=False, reason=f"you took nearly the same video out of {prediction.folder}")
        if prediction.move and (group, prediction.folder) in taken_out
        else prediction
        for prediction, group in zip(predictions, groups, strict=False)
    ]
