"""The messages between daemon and worker, as values: jobs go down, reports come up.

A vector is float32 bytes, little-endian, C order. The daemon chooses the `job` numbers, and every report repeats its
job's. Fingerprints identify videos. Paths are absolute, as bytes, because file names need not be valid UTF-8.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sorterd.features.settings import FeatureSettings, Modality, Part
from sorterd.prediction import Prediction
from sorterd.worker.caption_messages import CaptionRead, Read
from sorterd.worker.embed_messages import Embed, TextEmbedded


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


# --- first of all -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Setup:
    """The first message to a new worker.

    It says how features are made, where the artifacts folder is (absolute), how many seconds one video may take,
    whether reading a video may fetch it from a cloud, and whether a poster and a strip are drawn of it.
    """

    features: FeatureSettings
    artifacts: bytes
    item_seconds: float = 3600.0
    download_from_cloud: bool = False
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """The first message from a new worker: it runs and has read its `Setup`. No model is loaded yet."""


# --- jobs: daemon -> worker -------------------------------------------------------------------------------------------


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
    `JobFailed`. `rejected` are rows whose `label` is a category that the user took them out of; nearly identical videos
    are not moved there. `strangers` is the share of all videos that belong to no category. `modalities` are those of
    the rows; without them, all that the model knows are extracted from the video.
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


# --- reports: worker -> daemon ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """A graphics card is about to be used for this job. Each part has its device, "cpu" or "cuda".

    `speech` is "" if speech is off.
    """

    job: int
    towers: str
    speech: str


@dataclass(frozen=True, slots=True)
class DeviceRefused:
    """The whole job failed because the graphics card refused `part`. `reason` is the message of the card's library.

    No video is to blame, but this process can no longer be trusted: end it.
    """

    job: int
    part: Part
    reason: str


@dataclass(frozen=True, slots=True)
class Described:
    """The feature space in use, what is extracted from a video in it, and the device."""

    job: int
    space: str
    modalities: tuple[Modality, ...]
    models: str
    device: str


@dataclass(frozen=True, slots=True)
class Started:
    """The worker has begun this video. If it dies now, this video or another one in flight is to blame."""

    job: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """Features of one video. `audio` is "speech", "silent" (audio, no speech), "none" (no track) or "unreadable".

    `poster` and `strip` are WebP images (see `sorterd.pictures.webp`), empty if none were drawn.
    """

    job: int
    fingerprint: str
    vector: bytes
    transcript: str
    language: str
    audio: str
    poster: bytes = b""
    strip: bytes = b""


@dataclass(frozen=True, slots=True)
class ExtractFailed:
    """Why this video has no features. `transient`: it may work later although the file has not changed."""

    job: int
    fingerprint: str
    reason: str
    transient: bool


@dataclass(frozen=True, slots=True)
class Pictured:
    """The poster and the strip of one video, both WebP images."""

    job: int
    fingerprint: str
    poster: bytes
    strip: bytes


@dataclass(frozen=True, slots=True)
class PicturesFailed:
    """Why this video has no pictures. `transient`: it may work later although the file has not changed."""

    job: int
    fingerprint: str
    reason: str
    transient: bool


@dataclass(frozen=True, slots=True)
class Trained:
    """A model was fitted. `summary` is the JSON text of `model_config.json`. `swapped`: the model is now in use.

    `reason` is one sentence for the log that says why it is in use or not.
    """

    job: int
    summary: str
    swapped: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Predicted:
    """The fingerprint and the prediction of each row, in order, at the given threshold."""

    job: int
    predictions: tuple[tuple[str, Prediction], ...]


@dataclass(frozen=True, slots=True)
class JobDone:
    """The end of a `Read`, `Extract` or `Pictures` (every item has been answered) or an `Export`.

    The other jobs end with their answer.
    """

    job: int


@dataclass(frozen=True, slots=True)
class JobFailed:
    """The whole job failed for a clear reason (no model could be loaded, nothing to train on). The worker goes on."""

    job: int
    reason: str


Job = Describe | Read | Extract | Train | Export | Predict | Pictures
OF_VIDEOS = Read | Extract | Pictures  # jobs that are answered video by video
LOADING = Describe | Extract | Train  # jobs for which the models for extraction may be loaded
Report = (
    Placed
    | DeviceRefused
    | Described
    | Started
    | CaptionRead
    | Extracted
    | ExtractFailed
    | Pictured
    | PicturesFailed
    | Trained
    | Predicted
    | JobDone
    | JobFailed
)
# Reports after which the job goes on:
Step = Placed | Started | CaptionRead | Extracted | ExtractFailed | Pictured | PicturesFailed
WorkerMessage = Setup | Ready | Job | Report | Embed | TextEmbedded


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
