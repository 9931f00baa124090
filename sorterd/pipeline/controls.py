"""What the models on this machine make of the control clips, by which other machines are compared with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sorterd import __version__
from sorterd.features.settings import FeatureSpace
from sorterd.pipeline.feature_space import SpaceInUse
from sorterd.pipeline.in_flight import Given
from sorterd.pool.control import CLIPS
from sorterd.store.notes import Notes
from sorterd.store.settings import CONTROLS
from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.job_messages import Extract, Item
from sorterd.worker.report_messages import Extracted, ExtractFailed, Report, Step

Answer = Callable[[Mapping[str, bytes], str], None]
"""Takes the vectors by the clip's name, or no vectors and the reason."""


@dataclass(slots=True)
class Controls:
    """Extracts the control clips once for each feature space, on request. They are not recorded as videos."""

    notes: Notes
    in_use: SpaceInUse
    _asked: list[Answer] = field(default_factory=list)
    _under_way: bool = False
    _made: dict[str, bytes] = field(default_factory=dict)
    _reason: str = ""

    def ask(self, space: FeatureSpace, answer: Answer) -> None:
        """Have `answer` called with the vectors in this space, at once if they are known."""
        known = self.notes.get(CONTROLS)
        if known is not None and known["of"] == _key(space.id):
            answer({name: bytes.fromhex(vector) for name, vector in known["vectors"].items()}, "")
        else:
            self._asked.append(answer)

    def due(self) -> bool:
        """Return whether the clips are to be extracted now."""
        return bool(self._asked) and not self._under_way

    def job(self, number: int) -> Extract:
        """Return the job that extracts the clips."""
        space = self.in_use.space
        assert space is not None
        self._under_way, self._made, self._reason = True, {}, ""
        items = tuple(Item(name, path) for name, path in CLIPS.items())
        return Extract(number, items, space.id, space.extracted_width)

    def take(self, report: Report | WorkerLost, given: Given) -> bool:
        """Take a report on that job. At its end, answer all who have asked, also if it failed."""
        job = given.job
        assert isinstance(job, Extract)
        if isinstance(report, Extracted):
            self._made[report.fingerprint] = report.vector
        elif isinstance(report, ExtractFailed):
            self._reason = report.reason
        if isinstance(report, Step):
            return True
        self._under_way = False
        asked, self._asked = self._asked, []
        if len(self._made) == len(CLIPS):
            vectors: dict[str, Any] = {name: vector.hex() for name, vector in self._made.items()}
            self.notes.put(CONTROLS, {"of": _key(job.space), "vectors": vectors})
            self._reason = ""
        else:
            self._reason = self._reason or getattr(report, "reason", "") or "the worker did not answer"
        for answer in asked:
            answer({} if self._reason else self._made, self._reason)
        return True

    def put_off(self) -> None:
        """Make a job that was given up due again."""
        self._under_way = False


def _key(space: str) -> str:
    """Return what the vectors depend on: the space, the clips and our version."""
    return hashlib.blake2b(repr((space, tuple(CLIPS), __version__)).encode(), digest_size=16).hexdigest()
