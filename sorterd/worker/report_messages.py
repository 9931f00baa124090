"""The reports of a worker on a job. Each repeats the number of its job (`job_messages`)."""

from __future__ import annotations

from dataclasses import dataclass

from sorterd.features.settings import Modality, Part
from sorterd.prediction import Prediction


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
class CaptionRead:
    """What a video says about itself, cleaned: see `sorterd.captions.caption`.

    `vectors` has one for each of `sorterd.features.words.MODALITIES`, and none if it says nothing. `complete` is False
    if a place where more may stand could not be read just now.
    """

    job: int
    fingerprint: str
    words: str
    author: str
    tags: tuple[str, ...]
    vectors: tuple[bytes, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Extracted:
    """Features of one video. `audio` is "speech", "silent" (audio, no speech), "none" (no track) or "unreadable".

    `seconds` is the length that the file claims, 0 if it claims none.
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
    seconds: float = 0.0


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

    `reason` is one sentence for the log that says why it is in use or not. `worse` is what it does worse than the one
    before it, "" for nothing.
    """

    job: int
    summary: str
    swapped: bool
    reason: str
    worse: str = ""


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


OfVideo = CaptionRead | Extracted | ExtractFailed | Pictured | PicturesFailed  # the answer for one video
Step = Placed | Started | OfVideo  # reports after which the job goes on
Report = Step | DeviceRefused | Described | Trained | Predicted | JobDone | JobFailed
