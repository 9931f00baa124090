"""The questions that wait in this worker. They are answered between two jobs, or between two videos of a job."""

from __future__ import annotations

import queue
from collections.abc import Iterator

from sorterd.worker.embed_messages import Embed


class WaitingQuestions:
    """Filled by one thread and emptied by another."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Embed] = queue.SimpleQueue()

    def put(self, question: Embed) -> None:
        """Add a question."""
        self._waiting.put(question)

    def take(self) -> Iterator[Embed]:
        """Yield those that wait, until there are none."""
        while True:
            try:
                yield self._waiting.get_nowait()
            except queue.Empty:
                return
