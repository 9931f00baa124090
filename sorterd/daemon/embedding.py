"""Make the vectors of a search for a command, by the text towers that the worker has loaded."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from typing import Any

from sorterd.worker.host.questions import Questions, Vectors
from sorterd.worker.wire import WireError

WAIT = 2.0
"""Seconds to wait for the worker. The command can load a text tower itself in that time."""
LOAD_WAIT = 50.0
"""Seconds to wait for the models to be loaded."""
MOST_TOWERS = 8


@dataclass(frozen=True, slots=True)
class Embedding:
    """Answers on the thread that asks. The loop does not wait for it, and no job does.

    `load` has the worker load its models if it has nothing to do, and returns at once.
    """

    questions: Questions
    load: Callable[[], object] = lambda: None
    wait: float = WAIT
    load_wait: float = LOAD_WAIT

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return `{"vectors": {tower: base64 of float32}}` for the `text` and the `towers` of a request.

        Towers that are not loaded are left out, and so are those for which a busy worker has no time. If the request
        says `load`, the models are loaded first.
        """
        text, towers = request.get("text"), request.get("towers")
        if not (isinstance(text, str) and isinstance(towers, list) and all(isinstance(one, str) for one in towers)):
            return {"refused": "to compare words takes a text and a list of text towers"}
        towers = towers[:MOST_TOWERS]
        seen = self.questions.changes
        vectors = self._asked(text, towers, self.wait)
        if request.get("load") is True and towers and towers[0] not in vectors:
            self.load()
            until = time.monotonic() + self.load_wait
            while towers[0] not in vectors and self.questions.wait_for_change(seen, until - time.monotonic()):
                seen = self.questions.changes
                vectors = self._asked(text, towers, until - time.monotonic()) or vectors
        return {"vectors": {tower: base64.b64encode(vector).decode("ascii") for tower, vector in vectors.items()}}

    def _asked(self, text: str, towers: list[str], seconds: float) -> Vectors:
        try:
            return self.questions.ask(text, towers).result(timeout=max(0.0, seconds))
        except (NotInTime, WireError):
            return {}
