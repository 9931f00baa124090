"""Answer a command that wants to compare a search with the library: its vectors, if the worker has them at once."""

from __future__ import annotations

import base64
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from typing import Any

from sorterd.worker.host.questions import Questions
from sorterd.worker.wire import WireError

WAIT = 2.0
"""Seconds until who asks goes on without the worker: loading a text tower takes as long."""
MOST_TOWERS = 8


@dataclass(frozen=True, slots=True)
class Embedding:
    """Answers on the thread that asks. The loop has no part in it, and no job waits for it."""

    questions: Questions
    wait: float = WAIT

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return `{"vectors": {tower: base64 of float32}}` for the `text` and the `towers` of a request.

        Towers that are not loaded are left out, and so is one that a busy worker does not come to in time.
        """
        text, towers = request.get("text"), request.get("towers")
        if not (isinstance(text, str) and isinstance(towers, list) and all(isinstance(one, str) for one in towers)):
            return {"refused": "to compare words takes a text and a list of text towers"}
        try:
            vectors = self.questions.ask(text, towers[:MOST_TOWERS]).result(timeout=self.wait)
        except (NotInTime, WireError):
            return {"vectors": {}}
        return {"vectors": {tower: base64.b64encode(vector).decode("ascii") for tower, vector in vectors.items()}}
