"""What tests of the watcher share: hints that are counted, and waiting for something."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sorterd.library.watch import Watcher

linux = pytest.mark.skipif(sys.platform != "linux", reason="about inotify")


class Hints:
    """Counts hints and waits for them."""

    def __init__(self) -> None:
        self.count = 0
        self._changed = threading.Condition()

    def __call__(self) -> None:
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def reach(self, count: int, seconds: float = 10) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.count >= count, seconds)


def quiet(hints: Hints) -> None:
    """Wait until no more hints come. An unpaired move is held back for half a second."""
    while hints.reach(hints.count + 1, 0.7):
        pass


@contextmanager
def started(watcher: Watcher) -> Iterator[Watcher]:
    """Yield a watcher that runs, and stop it."""
    watcher.start()
    try:
        yield watcher
    finally:
        watcher.stop()
