"""Keep `predictions.json` and `transcripts.json` up to date with the store."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from sorterd.activity import Fault
from sorterd.artifacts import TranscriptEntry, write_predictions, write_transcripts
from sorterd.pipeline.pipeline import Pipeline
from sorterd.sorting.inbox_decisions import decide_inbox
from sorterd.store.store import Store

GAP_SECONDS = 10.0  # between two writings while a lot is going on
SHARE = 50  # writing takes at most this fraction of the time then, however large the library


@dataclass(slots=True)
class Publisher:
    """Writes both files when the store has changed: at once if the workers rest, otherwise now and then.

    `renewed` is called when the folder was deleted and made again.
    """

    store: Store
    pipeline: Pipeline
    folder: Path
    renewed: Callable[[], object]
    never_into: Collection[str] = ()
    timer: Callable[[], float] = time.monotonic
    _published: int = -1
    _at: float = float("-inf")
    _took: float = 0.0

    def turn(self) -> float | None:
        """Publish if it is time. Return in how many seconds to come again, or None."""
        try:
            if self._published != -1 and not self.folder.is_dir():
                self._restore_folder()
            return self._publish_if_due()
        except OSError as error:
            self.pipeline.report(Fault("", f"predictions.json could not be written: {error.strerror}"))
            return GAP_SECONDS

    def _publish_if_due(self) -> float | None:
        if self.store.changes() == self._published:
            return None
        wait = self._at + max(GAP_SECONDS, SHARE * self._took) - self.timer()
        if self.pipeline.busy and wait > 0:
            return wait
        self.publish()
        return None

    def publish(self) -> None:
        """Write both files now. Raise OSError."""
        began = self.timer()
        decided = decide_inbox(self.store, self.pipeline.predictor, never_into=self.never_into)
        write_predictions(self.folder, (one.as_json() for one in decided))
        write_transcripts(self.folder, self._transcripts())
        self._published = self.store.changes()
        self._at = self.timer()
        self._took = self._at - began

    def _restore_folder(self) -> None:
        """Make the deleted folder again, have both files written at once, and have another model made."""
        self.pipeline.report(Fault("", f"{self.folder} was deleted; what was in it is made again"))
        self.folder.mkdir(mode=0o700, parents=True)
        self.renewed()
        self._published, self._at = -1, float("-inf")
        self.pipeline.training.model_lost()

    def _transcripts(self) -> Iterator[TranscriptEntry]:
        if self.pipeline.space is None:
            return
        for path, text, language, audio in self.store.features.transcripts(self.pipeline.space.id):
            yield TranscriptEntry(path, text, language, audio == "speech")
