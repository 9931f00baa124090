"""Vectors in, the model's word on each out."""

from __future__ import annotations

from dataclasses import replace

from sorterd.classifier import Classifier
from sorterd.worker.messages import Guess, Predict, Predicted
from sorterd.worker.vectors import matrix


def predict(job: Predict, classifier: Classifier) -> Predicted:
    """One guess per row of `job`, at the job's threshold. Raises WrongWidth when the vectors are not for this model."""
    at_threshold = replace(classifier, rules=replace(classifier.rules, threshold=job.threshold))
    predictions = at_threshold.predict(matrix(job.rows, sum(classifier.widths)))
    return Predicted(
        job.job,
        tuple(
            Guess(
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
