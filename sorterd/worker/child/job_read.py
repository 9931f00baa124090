"""Read captions, and make vectors of them. Needs one small text tower and none of the models for extraction."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from sorterd.captions.caption import Caption
from sorterd.captions.export import MyfaveTTExport
from sorterd.captions.read import read_caption
from sorterd.captions.source import CaptionSource, FileSeen
from sorterd.features.file_tags import file_tags
from sorterd.features.text_tower import TextTower
from sorterd.worker.child import vectors
from sorterd.worker.job_messages import Read, ReadItem
from sorterd.worker.messages import Send
from sorterd.worker.report_messages import CaptionRead, JobDone, Started

AT_ONCE = 16  # texts through the tower; so many videos are under suspicion if reading one ends the process


class CaptionCrash(Exception):
    """Reading a caption ended in an error that is none of the file's. Says where, and nothing of what was read."""


def read(job: Read, towers: Sequence[TextTower], send: Send, between: Callable[[], object]) -> None:
    """Report `Started`, then `CaptionRead`, for every item of `job`, and `JobDone` at the end.

    `towers` are those of the modalities that are made of words. The vocabulary of the first one splits hashtags.
    `between` is called after every few videos.
    """

    @cache  # the databases are the same for all
    def export(databases: tuple[FileSeen, ...]) -> MyfaveTTExport:
        return MyfaveTTExport.read(databases)

    def caption(item: ReadItem) -> Caption:
        source = CaptionSource.parse(item.seen)
        try:
            return read_caption(item.folder, source, export(source.databases), file_tags, towers[0].vocabulary)
        except Exception as error:  # noqa: BLE001  # goes on as another one
            # The message of the error may quote what was read, and it ends in the log.
            place = traceback.extract_tb(error.__traceback__)[-1]
            raise CaptionCrash(f"{type(error).__name__} in {place.filename}, line {place.lineno}") from None

    for some in _in_portions(job.items):
        captions = []
        for item in some:
            send(Started(job.job, item.fingerprint))
            captions.append(caption(item))
        texts = [one.text for one in captions if one.text]
        encoded = zip(*(map(vectors.to_bytes, tower.texts(texts)) for tower in towers), strict=True)
        for item, one in zip(some, captions, strict=True):
            made = next(encoded) if one.text else ()
            send(CaptionRead(job.job, item.fingerprint, one.words, one.author, one.tags, made, one.complete))
        between()
    send(JobDone(job.job))


def _in_portions(items: Sequence[ReadItem]) -> Iterator[Sequence[ReadItem]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
