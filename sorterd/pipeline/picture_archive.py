"""The pictures of the videos: kept within a limit, and drawn later for videos that have none."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sorterd import backoff
from sorterd.pictures import files
from sorterd.store.store import Store

ROOM = 0.9
"""Share of the limit up to which pictures are drawn for videos that have none: what was dropped is not drawn again."""

KEPT = 0.95
"""Share of the limit that is left when pictures are dropped, so that it does not happen for each video."""

BATCH = 4  # videos of a job, 0.2 s: nothing that comes in waits longer
READ_AT_ONCE = 1000  # videos without pictures that are looked up together
LOOK_SECONDS = 60.0  # between two looks for videos without pictures that found none


@dataclass(slots=True)
class PictureArchive:
    """The files, and what the store records of them. `limit` is in bytes, 0 to keep none.

    A file is written before it is recorded, and removed after its record. So a crash leaves at most a file that nobody
    knows, which `tidy` removes.
    """

    state_dir: Path
    store: Store
    limit: int
    clock: Callable[[], float]
    _bytes: int = field(init=False)
    _missing: deque[str] = field(default_factory=deque)
    _look_at: float = float("-inf")

    def __post_init__(self) -> None:
        self._bytes = self.store.pictures.totals()[1]

    # --- what was drawn ---

    def save(self, fingerprint: str, poster: bytes, strip: bytes) -> None:
        """Keep the pictures of a video. Raise OSError."""
        if not self.limit:
            return
        size = files.save(self.state_dir, fingerprint, poster, strip)
        self.store.pictures.add(fingerprint, size, now=self.clock())
        self._bytes += size  # too much if it had some before; `_drop` counts
        if self._bytes > self.limit:
            self._drop()

    def tidy(self) -> None:
        """Make files and records agree, and keep to the limit. Raise OSError."""
        found = files.find(self.state_dir)
        recorded = self.store.pictures.recorded() if self.limit else {}
        for path in found.unfinished:
            path.unlink(missing_ok=True)
        for fingerprint, size in found.contents.items():
            if recorded.get(fingerprint) != size:
                files.forget(self.state_dir, fingerprint)
        with self.store.transaction():
            for fingerprint, size in self.store.pictures.recorded().items():
                if not self.limit or found.contents.get(fingerprint) != size:
                    self.store.pictures.forget(fingerprint)
        self._drop()

    def _drop(self) -> None:
        """Drop the least needed pictures if there are too many bytes."""
        self._bytes = self.store.pictures.totals()[1]
        if self._bytes <= self.limit:
            return
        for fingerprint, size in self.store.pictures.least_wanted():
            if self._bytes <= KEPT * self.limit:
                return
            self.store.pictures.forget(fingerprint)
            files.forget(self.state_dir, fingerprint)
            self._bytes -= size

    # --- what is to be drawn ---

    def any_missing(self, space: str) -> bool:
        """Return whether there are videos to draw now. Cheap: the store is asked once in a while."""
        if self._bytes >= ROOM * self.limit:
            return False
        now = self.clock()
        if not self._missing and not 0 <= now - self._look_at < LOOK_SECONDS:
            self._missing.extend(self.store.pictures.missing(space, now=now, limit=READ_AT_ONCE))
            if not self._missing:
                self._look_at = now
        return bool(self._missing)

    def take(self) -> list[str]:
        """Return the next videos to draw. One that has failed before is alone."""
        batch: list[str] = []
        while self._missing and len(batch) < BATCH:
            failed = self.store.pictures.attempts(self._missing[0]) > 0
            if failed and batch:
                break
            batch.append(self._missing.popleft())
            if failed:
                break
        return batch

    def begun(self, fingerprint: str) -> None:
        """Count an attempt as failed until pictures come of it: it may end the worker, or all of sorterd."""
        again = backoff.after_failure(self.store.pictures.attempts(fingerprint), transient=True, now=self.clock())
        retry_at = None if again.given_up else again.at
        self.store.pictures.fail(fingerprint, attempts=again.attempts, retry_at=retry_at, now=self.clock())

    def uncount(self, fingerprint: str) -> None:
        """Take back that an attempt was counted: its failure was not the video's fault."""
        self.store.pictures.retry(fingerprint)

    def give_up(self, fingerprint: str) -> None:
        """Record that the video itself is the cause, so that it is not tried again."""
        attempts = self.store.pictures.attempts(fingerprint)
        self.store.pictures.fail(fingerprint, attempts=attempts, retry_at=None, now=self.clock())
