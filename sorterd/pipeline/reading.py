"""The stage that reads captions: what is to be read, and what becomes of the answers."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from sorterd.activity import Fault, Reporter
from sorterd.captions.caption import Caption
from sorterd.captions.source import CaptionSource
from sorterd.features import words
from sorterd.features.settings import FeatureSettings
from sorterd.pipeline.verify_source import still_lies
from sorterd.store.captions import StoredCaption
from sorterd.store.store import Store
from sorterd.store.unread import Unread
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Read, ReadItem
from sorterd.worker.report_messages import CaptionRead, JobDone, JobFailed, Report

BATCH = 200  # videos of a job: 4 s, for which a new arrival may have to wait


@dataclass(slots=True)
class Reading:
    """Gives captions to the worker and records them, if the settings want them and they can be read.

    One of the `suspects` has ended the worker. Each is read alone. `some_moved`: videos of the last job were no longer
    where it said that they lie, and what was written about them may have gone with them. They are read again.
    """

    root: Path
    store: Store
    report: Reporter
    settings: FeatureSettings
    suspects: set[str] = field(default_factory=set)
    some_moved: bool = False
    _queue: Unread = field(init=False)
    _read: list[CaptionRead] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._queue = Unread(self.store.connection, [modality.tower for modality in words.MODALITIES])

    def any_due(self, arrived_after: float | None = None) -> bool:
        """Return whether there is a caption to read, of all videos or of those that arrived since then."""
        wanted = self.settings.captions and words.installed()
        return wanted and bool(self._queue.next(1, arrived_after=arrived_after))

    def job(self, number: int, arrived_after: float | None = None) -> Read:
        """Return a job for the next captions."""
        due = self._queue.next(BATCH, first=self.suspects, arrived_after=arrived_after)
        folders = (os.fsencode(self.root / PurePosixPath(one.path).parent) for one in due)
        return Read(
            number, tuple(ReadItem(one.fingerprint, at, one.seen) for one, at in zip(due, folders, strict=True))
        )

    def take(self, report: Report | WorkerLost, job: Read) -> bool:
        """Record a report on `job`. Return False if it is the stage that has failed."""
        match report:
            case CaptionRead():
                self._read.append(report)
            case JobDone() | JobFailed() | WorkerLost():
                self._record(job)
        match report:
            case WorkerLost(in_flight=(video,)) if video in self.suspects:
                self._give_up(video, job, report.reason)
            case WorkerLost(in_flight=(_, *_)):  # or something else has ended the worker: once more
                self.suspects.update(report.in_flight)
            case JobFailed() | WorkerLost():
                return False
        return True

    def _record(self, job: Read) -> None:
        """Store what was read, all at once: each transaction waits for the disk."""
        items = {item.fingerprint: item for item in job.items}
        there = [one for one in self._read if self._still_lies(items[one.fingerprint])]
        with self.store.transaction():
            for one in there:
                caption = Caption(one.words, one.author, one.tags)
                self._put(one.fingerprint, items[one.fingerprint].seen, caption, one.vectors)
        self.some_moved = len(there) < len(self._read)
        self._read.clear()

    def _still_lies(self, item: ReadItem) -> bool:
        path = Path(os.fsdecode(item.folder)) / CaptionSource.parse(item.seen).video
        return still_lies(path, item.fingerprint, self.root, self.store)

    def _put(self, video: str, seen: str, caption: Caption, vectors: Sequence[bytes]) -> None:
        stored = StoredCaption(video, seen, caption.text, caption.author if caption.text else "", caption.digest)
        made = zip(words.MODALITIES, vectors, strict=bool(vectors))
        self.store.captions.put(stored, {modality.tower: vector for modality, vector in made})
        self._queue.read(video)
        self.suspects.discard(video)

    def _give_up(self, video: str, job: Read, reason: str) -> None:
        """Record that this video says nothing, because what lies beside it ends the worker."""
        with self.store.transaction():
            for item in job.items:
                if item.fingerprint == video:
                    self._put(video, item.seen, Caption(), ())
        places = self.store.files.places(video)
        if places:
            self.report(Fault(places[0].path, f"what is written about it is ignored: the worker {reason} over it"))
