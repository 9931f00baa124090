"""Train a model on the labels and put it into use.

A new model is used even if it is worse: what the user says counts. Only if the user has said nothing since the model in
use was trained (after an update of sorterd) must the new one be as good.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sorterd import artifacts
from sorterd.artifact_names import TRAINED_ON
from sorterd.classifier import (
    Classifier,
    Comparison,
    HeldOutPrediction,
    not_worse,
    train_classifier,
    what_is_missing,
    what_to_expect,
)
from sorterd.classifier.duplicates import same_footage
from sorterd.classifier.model_file import ModelFileError, load_classifier, load_config, save_classifier
from sorterd.worker.child.vectors import matrix
from sorterd.worker.job_messages import Export, Train
from sorterd.worker.report_messages import Trained

Vectors = NDArray[np.float32]


def train(
    job: Train, category_vectors: Sequence[Mapping[str, Vectors]], folder: Path
) -> tuple[Trained, Classifier | None]:
    """Fit a classifier and write the artifacts into `folder`. Return the report, and the classifier if it is now in
    use.

    `category_vectors` are the vectors of the folder names, one mapping per modality.

    Raise TrainingDataError or WrongWidth if the rows do not fit together, OSError if a file cannot be written.
    """
    labelled = export(job, folder)
    labels = [row.label for row in job.labelled]
    widths = [modality.width for modality in job.modalities]
    with _one_thread():
        classifier = train_classifier(
            labelled,
            labels,
            blocks=widths,
            groups=same_footage(labelled, job.modalities),
            category_vectors=category_vectors,
            negatives=matrix(job.rejected, sum(widths)),
            candidates=job.candidates,
            min_per_category=job.min_per_category,
            threshold=job.threshold,
            captions=[place for place, modality in enumerate(job.modalities) if modality.tower],
        )
    fingerprints = [row.fingerprint for row in job.labelled]
    compared = compare(job, _by_video(fingerprints, classifier), folder)
    if not compared.swap:
        return Trained(job.job, _summary(load_config(folder)), False, compared.reason, compared.worse), None
    config = save_classifier(
        classifier,
        folder,
        feature_space=job.feature_space,
        trained_at=trained_at(job),
    )
    note = {"stamp": config["stamp"], "fingerprints": fingerprints, "lessons": lessons(job)}
    artifacts.write_json(folder / TRAINED_ON, note)
    return Trained(job.job, _summary(config), True, compared.reason, compared.worse), classifier


def export(job: Train | Export, folder: Path) -> NDArray[np.float32]:
    """Write the embeddings of a job's rows into `folder`.

    Return the labelled vectors [n, D]. Raise WrongWidth or OSError.
    """
    width = sum(modality.width for modality in job.modalities)
    labelled, unlabeled = matrix(job.labelled, width), matrix(job.unlabeled, width)
    labels = [row.label for row in job.labelled]
    artifacts.write_labeled_embeddings(folder, labelled, labels, [row.path for row in job.labelled])
    artifacts.write_unlabeled_embeddings(folder, unlabeled, [row.path for row in job.unlabeled])
    return labelled


def trained_at(job: Train) -> str:
    """Return the training time of a model made by `job`, ISO 8601."""
    return datetime.fromtimestamp(job.now, UTC).isoformat()


def lessons(job: Train) -> str:
    """Return a hash of the user's labels and rejections."""
    labels = (sorted((row.fingerprint, row.label) for row in rows) for rows in (job.labelled, job.rejected))
    return hashlib.blake2b(json.dumps(list(labels)).encode(), digest_size=16).hexdigest()


def compare(job: Train, outcomes: Mapping[str, HeldOutPrediction], folder: Path) -> Comparison:
    """Return whether the new model with these held-out outcomes replaces the one in `folder`, and why.

    Models are compared only if they answer the same question. A model for other folders or settings is always replaced.
    """
    try:
        old = load_classifier(folder, feature_space=job.feature_space)
        config = load_config(folder)
        note = json.loads((folder / TRAINED_ON).read_bytes())
        fingerprints, before = (note["fingerprints"], note["lessons"]) if note["stamp"] == config["stamp"] else ([], "")
    except (ModelFileError, OSError, ValueError, KeyError, TypeError):
        return Comparison(True, "took the new model: there is no other that could be used")
    folders = {row.label for row in job.labelled} | set(job.categories)
    if folders != set(old.rules.folders) or {row.label for row in job.labelled} != set(config["label_names"]):
        return Comparison(True, "took the new model: the folders have changed")
    settings = (job.threshold, job.min_per_category, set(job.candidates))
    if settings != (old.rules.threshold, old.rules.min_per_category, set(old.candidates)):
        return Comparison(True, "took the new model: the settings have changed")
    if len(fingerprints) != len(old.held_out):
        return Comparison(True, "took the new model: it is not known what the old one was trained on")
    return not_worse(outcomes, _by_video(fingerprints, old), taught=before != lessons(job))


def _by_video(fingerprints: Sequence[str], classifier: Classifier) -> dict[str, HeldOutPrediction]:
    return {video: said for video, said in zip(fingerprints, classifier.held_out, strict=True) if said is not None}


@contextmanager
def _one_thread() -> Iterator[None]:
    """Run the block with torch on one thread: on batches this small more threads only wait for each other.

    Measured with 64 rows of 1280 on two cores that are busy with other programs: the perceptron takes 4 s on one thread
    and 29-58 s on two. A process with low priority must expect such a machine.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _summary(config: Mapping[str, Any]) -> str:
    """Return `model_config.json` less what it says of each video and tensor, plus what folders lack and to expect."""
    videos = dict(zip([*config["label_names"], *config["empty_folders"]], config["videos"], strict=True))
    calibration = config["calibration"]
    missing = what_is_missing(videos, calibration["threshold"], calibration["min_per_category"])
    advice = {"missing": missing, "expect": what_to_expect(config["best_cv_accuracy"])}
    return json.dumps({key: value for key, value in config.items() if key not in ("held_out", "tensors")} | advice)
