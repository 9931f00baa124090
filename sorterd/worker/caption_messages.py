"""The job that reads captions, and its reports."""

from __future__ import annotations

from dataclasses import dataclass


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
class CaptionRead:
    """What a video says about itself, cleaned: see `sorterd.captions.caption`.

    `vectors` has one for each of `sorterd.features.words.MODALITIES`, and none if it says nothing.
    """

    job: int
    fingerprint: str
    words: str
    author: str
    tags: tuple[str, ...]
    vectors: tuple[bytes, ...]
