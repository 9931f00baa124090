"""Questions to a worker that it answers beside its job. They are asked from any thread, and sent and answered on the
worker's."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from threading import Condition

from sorterd.worker import wire
from sorterd.worker.embed_messages import LONGEST_SEARCH, Embed, TextEmbedded
from sorterd.worker.validate import WIDEST, check_numbers
from sorterd.worker.wire import WireError

Vectors = Mapping[str, bytes]
MOST = 64  # questions that may wait; further ones get no answer


class Questions:
    """Those that were asked and not answered yet. Where nothing can answer, the answer is no vectors.

    `ring` wakes the worker's thread, which then sends the `frames`.
    """

    def __init__(self, ring: Callable[[], object]) -> None:
        self._ring = ring
        self._lock = Condition()
        self._changes = 0
        self._listening = False
        self._numbers = itertools.count(1)
        self._unsent: list[bytes] = []
        self._open: dict[int, tuple[Embed, Future[Vectors]]] = {}

    def ask(self, text: str, towers: Sequence[str]) -> Future[Vectors]:
        """Ask for the vectors of a text, see `Embed`. The job under way is not waited for here.

        The answer has only the towers that the worker has loaded, and none if there is no worker. Raise WireError if
        the question cannot be sent.
        """
        answer: Future[Vectors] = Future()
        question = Embed(next(self._numbers), text[:LONGEST_SEARCH], tuple(towers))
        frame = wire.encode(question)
        with self._lock:
            if not self._listening or len(self._open) >= MOST:
                answer.set_result({})
            else:
                self._open[question.job] = question, answer
                self._unsent.append(frame)
                self._ring()
        return answer

    def begin(self) -> None:
        """Note that there is a worker now that can be asked."""
        with self._lock:
            self._listening = True
        self.job_ended()

    def job_ended(self) -> None:
        """Note that the worker may have loaded further towers."""
        with self._lock:
            self._changes += 1
            self._lock.notify_all()

    @property
    def changes(self) -> int:
        """A number that grows whenever the answer to a question may have changed."""
        return self._changes

    def wait_for_change(self, since: int, seconds: float) -> bool:
        """Wait that long for `changes` to be more than `since`. Return whether it is."""
        with self._lock:
            return self._lock.wait_for(lambda: self._changes > since, max(0.0, seconds))

    def frames(self) -> list[bytes]:
        """Return what is to be sent to the worker now."""
        with self._lock:
            frames, self._unsent = self._unsent, []
        return frames

    def answered(self, answer: TextEmbedded) -> None:
        """Pass an answer on to the asker. Raise WireError if it does not fit the question."""
        with self._lock:
            question, asker = self._open.pop(answer.job, (None, None))
        if question is None or asker is None:
            raise WireError("an answer to a question that was not asked")
        try:
            _check(answer, question)
        except WireError:
            asker.set_result({})
            raise
        asker.set_result(dict(answer.vectors))

    def end(self) -> None:
        """Answer what is open with nothing: the worker that was asked has ended."""
        with self._lock:
            self._listening = False
            askers = [asker for _, asker in self._open.values()]
            self._open.clear()
            self._unsent.clear()
        for asker in askers:
            asker.set_result({})


def _check(answer: TextEmbedded, question: Embed) -> None:
    names = [name for name, _ in answer.vectors]
    if len(set(names)) < len(names) or not set(names) <= set(question.towers):
        raise WireError("a vector of each tower that was asked for expected, and of no other")
    for _, vector in answer.vectors:
        if not 0 < len(vector) <= 4 * WIDEST:
            raise WireError("a vector of 32-bit numbers expected")
        check_numbers(vector)
