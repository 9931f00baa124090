"""A pipe that wakes a thread which waits in a selector."""

from __future__ import annotations

import os
from contextlib import suppress

from sorterd.worker.host.process import read_now


class Bell:
    """It is rung from any thread, and registered in a selector by the one that waits. Raise OSError."""

    def __init__(self) -> None:
        self._hears, self._rings = os.pipe()
        for end in (self._hears, self._rings):
            os.set_blocking(end, False)

    def fileno(self) -> int:
        """Return the descriptor that can be read once it was rung."""
        return self._hears

    def ring(self) -> None:
        """Wake the thread that waits, or the next one that will."""
        with suppress(BlockingIOError):  # the pipe is full of unread rings: one is enough
            os.write(self._rings, b"!")

    def hear(self) -> None:
        """Take note of the rings until now."""
        read_now(self._hears)

    def close(self) -> None:
        """Close both ends."""
        os.close(self._hears)
        os.close(self._rings)
