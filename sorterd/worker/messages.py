"""What daemon and worker say to each other: jobs go down, reports come up. Values only.

A vector is float32 bytes, little-endian, C order. `job` numbers are chosen by the daemon and come back in every
report. Fingerprints name videos; paths are absolute, as bytes, because file names need not be valid UTF-8.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sorterd.features.settings import FeatureSettings, Part
from sorterd.prediction import Prediction


@dataclass(frozen=True, slots=True)
class Item:
    """One video to extract."""

    fingerprint: str
    path: bytes


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """One vector with what is known about it. `label` is the category name, or "" for a video without one."""

    fingerprint: str
    path: str
    vector: bytes
    label: str = ""


# --- first of all -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Setup:
    """The first message to a new worker: how features are made, the folder of the artifacts (absolute), how many
    seconds one video may take, and whether reading one may fetch it from a cloud."""

    features: FeatureSettings
    artifacts: bytes
    item_seconds: float = 3600.0
    download_from_cloud: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """The first message from a new worker: it runs and has read its `Setup`. No model is loaded yet."""


# --- jobs: daemon -> worker -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Describe:
    """Settle which models are used and answer `Described`; on failure `JobFailed` with one clear sentence."""

    job: int


@dataclass(frozen=True, slots=True)
class Extract:
    """Extract features of each item; one `Started` then one `Extracted` or `Unreadable` per item, then `JobDone`.

    `space` is the feature space that the daemon counts on; `JobFailed` if the models now make another. "": any.
    `width` is how many numbers a vector of it has; 0: any.
    """

    job: int
    items: tuple[Item, ...]
    space: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Train:
    """Fit a classifier on `labelled`, write the artifacts, answer `Trained`.

    `unlabeled` is the inbox, which is exported and teaches nothing; `rejected` are rows whose `label` is a category
    that the user took them out of; `categories` are all folder names, also empty ones. `feature_space` is recorded with
    the model. `threshold` is the confidence from which a video is to be moved.
    """

    job: int
    labelled: tuple[FeatureRow, ...]
    unlabeled: tuple[FeatureRow, ...]
    rejected: tuple[FeatureRow, ...]
    categories: tuple[str, ...]
    feature_space: str
    widths: tuple[int, int]
    candidates: tuple[str, ...]
    min_per_category: int
    now: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Export:
    """Write the embeddings for other people's scripts, as `Train` does, without training; then `JobDone`."""

    job: int
    labelled: tuple[FeatureRow, ...]
    unlabeled: tuple[FeatureRow, ...]
    widths: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Predict:
    """Classify `rows` with the model in the artifacts folder; answer `Predicted`.

    `trained_at` is that of the model that the daemon counts on; `JobFailed` if another is found. "": any. `rejected`
    are rows whose `label` is a category that the user took them out of: nothing that is nearly the same is moved there.
    `strangers` is the share of all videos that belong to no category.
    """

    job: int
    rows: tuple[FeatureRow, ...]
    top_k: int
    threshold: float
    trained_at: str = ""
    rejected: tuple[FeatureRow, ...] = ()
    strangers: float = 0.5


# --- reports: worker -> daemon ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """A graphics card is about to be used for this job: the device of each part, "cpu" or "cuda"; `speech` is "" if
    nobody listens."""

    job: int
    towers: str
    speech: str


@dataclass(frozen=True, slots=True)
class DeviceRefused:
    """The whole job failed because the graphics card will not do `part`; `reason` is its library's own word.

    No video is to blame, but this process is not to be trusted any more: end it.
    """

    job: int
    part: Part
    reason: str


@dataclass(frozen=True, slots=True)
class Described:
    """The feature space in use, and the device."""

    job: int
    space: str
    widths: tuple[int, int]
    models: str
    device: str


@dataclass(frozen=True, slots=True)
class Started:
    """The worker has this video in hand: if it dies now, this one (or another in hand) did it."""

    job: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """Features of one video. `audio` is "speech", "silent" (audio, no speech), "none" (no track) or "unreadable"."""

    job: int
    fingerprint: str
    vector: bytes
    transcript: str
    language: str
    audio: str


@dataclass(frozen=True, slots=True)
class ExtractFailed:
    """No features for this video, and why. `transient`: worth trying again without a change of the file."""

    job: int
    fingerprint: str
    reason: str
    transient: bool


@dataclass(frozen=True, slots=True)
class Trained:
    """A model was fitted. `summary` is the JSON text of `model_config.json`; `swapped` says whether it is now in use.

    `reason` is one sentence for the log: why swapped or why not.
    """

    job: int
    summary: str
    swapped: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Predicted:
    """For each row, in order, its fingerprint and what the model says of it at the given threshold."""

    job: int
    predictions: tuple[tuple[str, Prediction], ...]


@dataclass(frozen=True, slots=True)
class JobDone:
    """The end of an `Extract` (every item has been answered) or `Export`. The other jobs end with their answer."""

    job: int


@dataclass(frozen=True, slots=True)
class JobFailed:
    """The whole job failed with a clear reason (no model could be loaded, nothing to train on); the worker lives on."""

    job: int
    reason: str


Job = Describe | Extract | Train | Export | Predict
Report = (
    Placed | DeviceRefused | Described | Started | Extracted | ExtractFailed | Trained | Predicted | JobDone | JobFailed
)
WorkerMessage = Setup | Ready | Job | Report


def bare(job: Job) -> Job:
    """What has to be remembered of a job while it is under way: all but its vectors, megabytes in a large library."""
    match job:
        case Train():
            return replace(job, labelled=(), unlabeled=(), rejected=())
        case Export():
            return replace(job, labelled=(), unlabeled=())
        case Predict():
            return replace(job, rows=(), rejected=())
        case _:
            return job


def asked(job: Job) -> Job:
    """What has to be remembered of a job to judge the answers: all but the vectors."""
    if isinstance(job, Predict):
        return replace(job, rows=tuple(replace(row, vector=b"") for row in job.rows), rejected=())
    return bare(job)
