"""The jobs that the daemon gives to a worker, and what is known of each kind of job: `KINDS`.

Each says by which reports it is answered (`report_messages`). The daemon chooses the `job` numbers. Fingerprints
identify videos. Vectors and paths are as in `messages`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import UnionType

from sorterd.features.settings import Modality
from sorterd.worker.report_messages import (
    CaptionRead,
    Described,
    Extracted,
    ExtractFailed,
    JobDone,
    Pictured,
    PicturesFailed,
    Predicted,
    Trained,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One video to extract."""

    fingerprint: str
    path: bytes


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """One vector and what is known about it. `label` is the category name, or "" for a video without one."""

    fingerprint: str
    path: str
    vector: bytes
    label: str = ""


@dataclass(frozen=True, slots=True)
class ReadItem:
    """A video whose caption is to be read: the folder that it lies in, and its `CaptionSource` as text."""

    fingerprint: str
    folder: bytes
    seen: str


@dataclass(frozen=True, slots=True)
class Read:
    """Read the caption of each item, and make a vector of its text. None of the models for extraction is loaded.

    Answered by `Started` and then `CaptionRead` for each item, and by `JobDone` at the end.
    """

    job: int
    items: tuple[ReadItem, ...]


@dataclass(frozen=True, slots=True)
class Describe:
    """Decide which models are used. Answered by `Described`, or by `JobFailed` with one clear sentence."""

    job: int


@dataclass(frozen=True, slots=True)
class Extract:
    """Extract the features of each item.

    Answered by `Started` and then `Extracted` or `ExtractFailed` for each item, and by `JobDone` at the end. `space` is
    the feature space that the daemon expects, "" for any. If the models make another one, the answer is `JobFailed`.
    `width` is the number of dimensions in that space, 0 for any.
    """

    job: int
    items: tuple[Item, ...]
    space: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Train:
    """Fit a classifier on `labelled` and write the artifacts. Answered by `Trained`.

    `unlabeled` is the inbox, which is exported but not trained on. `rejected` are rows whose `label` is a category that
    the user took them out of. `categories` are all folder names, also those of empty folders. `space` is the feature
    space of what is extracted, `feature_space` is recorded with the model (`FeatureSpace.model_id`). `threshold` is the
    confidence from which a video is moved.
    """

    job: int
    labelled: tuple[FeatureRow, ...]
    unlabeled: tuple[FeatureRow, ...]
    rejected: tuple[FeatureRow, ...]
    categories: tuple[str, ...]
    space: str
    feature_space: str
    modalities: tuple[Modality, ...]
    candidates: tuple[str, ...]
    min_per_category: int
    now: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Export:
    """Write the embeddings for other people's scripts, as `Train` does, without training. Answered by `JobDone`."""

    job: int
    labelled: tuple[FeatureRow, ...]
    unlabeled: tuple[FeatureRow, ...]
    modalities: tuple[Modality, ...]


@dataclass(frozen=True, slots=True)
class Predict:
    """Classify `rows` with the model in the artifacts folder. Answered by `Predicted`.

    `trained_at` is that of the model that the daemon expects, "" for any. If another one is found, the answer is
    `JobFailed`. `rejected` are rows whose `label` is a category that the user took them out of. Nearly identical videos
    are not moved there. `strangers` is the share of all videos that belong to no category. `modalities` are those of
    the rows. Without them, all that the model knows are extracted from the video.
    """

    job: int
    rows: tuple[FeatureRow, ...]
    top_k: int
    threshold: float
    trained_at: str = ""
    rejected: tuple[FeatureRow, ...] = ()
    strangers: float = 0.5
    modalities: tuple[Modality, ...] = ()


@dataclass(frozen=True, slots=True)
class Pictures:
    """Draw a poster and a strip of each item. No model is loaded for that.

    Answered by `Started` and then `Pictured` or `PicturesFailed` for each item, and by `JobDone` at the end.
    """

    job: int
    items: tuple[Item, ...]


Job = Describe | Read | Extract | Train | Export | Predict | Pictures
OF_VIDEOS = Read | Extract | Pictures  # jobs that are answered video by video


@dataclass(frozen=True, slots=True)
class JobKind:
    """What a worker is `doing` with such a job, for `status`, and what it answers: for each video, or once.

    `loads_models`: those for extraction are loaded for it, where there is a graphics card also into that.
    """

    doing: str
    answer: type | UnionType
    loads_models: bool = False


KINDS: dict[type[Job], JobKind] = {
    Describe: JobKind("loading models", Described, loads_models=True),
    Read: JobKind("reading captions", CaptionRead),
    Extract: JobKind("extracting", Extracted | ExtractFailed, loads_models=True),
    Train: JobKind("training", Trained, loads_models=True),
    Export: JobKind("writing embeddings", JobDone),
    Predict: JobKind("predicting", Predicted),
    Pictures: JobKind("drawing pictures", Pictured | PicturesFailed),
}


def without_rows(job: Job) -> Job:
    """Return the job without its rows, which are megabytes in a large library."""
    match job:
        case Train():
            return replace(job, labelled=(), unlabeled=(), rejected=())
        case Export():
            return replace(job, labelled=(), unlabeled=())
        case Predict():
            return replace(job, rows=(), rejected=())
        case _:
            return job


def to_check(job: Job) -> Job:
    """Return the job with only what its answers are checked against: the rows of a `Predict`, without vectors."""
    if isinstance(job, Predict):
        return replace(job, rows=tuple(replace(row, vector=b"") for row in job.rows), rejected=())
    return without_rows(job)
