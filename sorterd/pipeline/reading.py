"""The stage that reads captions: what is to be read, and what becomes of the answers."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from sorterd.activity import Fault, Reporter
from sorterd.backoff import UNTIL_SYNC, Retry, delay
from sorterd.captions.caption import Caption
from sorterd.captions.source import CaptionSource
from sorterd.features import words
from sorterd.features.settings import FeatureSettings
from sorterd.pipeline.holding import Holding
from sorterd.pipeline.in_flight import Given
from sorterd.pipeline.verify_source import still_lies
from sorterd.store.captions import StoredCaption
from sorterd.store.store import Store
from sorterd.store.unread import Unread
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Read, ReadItem
from sorterd.worker.report_messages import CaptionRead, JobDone, JobFailed, Report

BATCH = 200  # videos of a job: 4 s, for which a new arrival may have to wait
_DAY = 86_400.0


@dataclass(slots=True)
class Reading:
    """Gives captions to the worker and records them, if the settings want them and they can be read.

    One of the `suspects` has ended the worker. Each is read alone. A video that was moved meanwhile is read again soon.
    If something beside it cannot be read just now, it is read again later and later.
    """

    root: Path
    store: Store
    report: Reporter
    settings: FeatureSettings
    clock: Callable[[], float]
    holding: Holding
    suspects: set[str] = field(default_factory=set)
    _queue: Unread = field(init=False)
    _read: list[CaptionRead] = field(default_factory=list)
    _later: dict[str, Retry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._queue = Unread(self.store.connection, [modality.tower for modality in words.MODALITIES])

    def due(self) -> bool:
        """Return whether there is a caption to read now."""
        wanted, arrived_after = self.settings.captions and words.installed(), self.holding.arrived_after
        return wanted and bool(self._queue.next(1, arrived_after=arrived_after, without=self._waiting()))

    def next_try(self) -> float | None:
        """Return when to try again to read a caption, None if none failed."""
        return min((retry.at for retry in self._later.values()), default=None)

    def job(self, number: int) -> Read:
        """Return a job for the next captions."""
        arrived_after, waiting = self.holding.arrived_after, self._waiting()
        due = self._queue.next(BATCH, first=self.suspects, arrived_after=arrived_after, without=waiting)
        folders = (os.fsencode(self.root / PurePosixPath(one.path).parent) for one in due)
        return Read(
            number, tuple(ReadItem(one.fingerprint, at, one.seen) for one, at in zip(due, folders, strict=True))
        )

    def take(self, report: Report | WorkerLost, given: Given) -> bool:
        """Record what was read, at the end of the job. Return False if the stage has failed."""
        job = given.job
        assert isinstance(job, Read)
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
        with self.store.transaction():
            for one in self._read:
                self._record_one(one, items[one.fingerprint])
        self._read.clear()

    def _record_one(self, one: CaptionRead, item: ReadItem) -> None:
        video, caption = one.fingerprint, Caption(one.words, one.author, one.tags)
        attempts = self._later[video].attempts if video in self._later else 0
        if not self._still_lies(item):
            self._later[video] = Retry(attempts, self.clock() + UNTIL_SYNC, given_up=False)
        elif one.complete:
            self._put(video, item.seen, caption, one.vectors)
        else:
            if self.store.captions.get(video) is None:  # better than none, but read from no source
                self._store(video, "", caption, one.vectors)
            wait = delay(attempts, factor=8, longest=_DAY)
            self._later[video] = Retry(attempts + 1, self.clock() + wait, given_up=False)

    def _waiting(self) -> set[str]:
        now = self.clock()
        return {video for video, retry in self._later.items() if now < retry.at}

    def _still_lies(self, item: ReadItem) -> bool:
        path = Path(os.fsdecode(item.folder)) / CaptionSource.parse(item.seen).video
        return still_lies(path, item.fingerprint, self.root, self.store)

    def _put(self, video: str, seen: str, caption: Caption, vectors: Sequence[bytes]) -> None:
        self._store(video, seen, caption, vectors)
        self._queue.read(video)
        self._later.pop(video, None)
        self.suspects.discard(video)

    def _store(self, video: str, seen: str, caption: Caption, vectors: Sequence[bytes]) -> None:
        stored = StoredCaption(video, seen, caption.text, caption.author if caption.text else "", caption.digest)
        made = zip(words.MODALITIES, vectors, strict=bool(vectors))
        self.store.captions.put(stored, {modality.tower: vector for modality, vector in made})

    def _give_up(self, video: str, job: Read, reason: str) -> None:
        """Record that this video says nothing, because what lies beside it ends the worker."""
        with self.store.transaction():
            for item in job.items:
                if item.fingerprint == video:
                    self._put(video, item.seen, Caption(), ())
        places = self.store.files.places(video)
        if places:
            self.report(Fault(places[0].path, f"what is written about it is ignored: the worker {reason} over it"))
