"""A program at a terminal: what it shows on the screen, and keys that are typed."""

import fcntl
import os
import pty
import select
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

SECONDS = 150.0
AGAIN_SECONDS = 10.0
ROWS, COLUMNS = 60, 100


class Terminal:
    """The screen of one process."""

    def __init__(self, process: subprocess.Popen[bytes], keyboard: int) -> None:
        self.process = process
        self._keyboard = keyboard
        self._screen = pyte.HistoryScreen(COLUMNS, ROWS, history=1000)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def text(self) -> str:
        """Return all lines so far, also those that have left the screen."""
        gone = ["".join(line[column].data for column in range(COLUMNS)) for line in self._screen.history.top]
        return "\n".join(line.rstrip() for line in [*gone, *self._screen.display]).rstrip()

    def wait_for(self, words: str) -> None:
        """Wait until the screen shows these words. Fail if the program ends before."""
        until = time.monotonic() + SECONDS
        while words not in self.text:
            assert time.monotonic() < until, f"{words!r} does not appear:\n{self.text}"
            if not self._read(until - time.monotonic()):
                assert words in self.text, f"it ended without {words!r}:\n{self.text}"

    def type(self, keys: str) -> None:
        """Type these keys."""
        os.write(self._keyboard, keys.encode())

    def ended(self) -> int:
        """Wait until the program ends, and return its exit code."""
        until = time.monotonic() + SECONDS
        while self._read(until - time.monotonic()):
            assert time.monotonic() < until, f"it does not end:\n{self.text}"
        return self.process.wait(SECONDS)

    def ended_by(self, key: str) -> int:
        """Type this key until the program ends, and return its exit code.

        `input()` does not hear a Ctrl-C that comes after it has written its question and before it reads.
        """
        until = time.monotonic() + SECONDS
        typed_at = float("-inf")
        while True:
            now = time.monotonic()
            assert now < until, f"it does not end:\n{self.text}"
            if now >= typed_at + AGAIN_SECONDS:
                self.type(key)
                typed_at = now
            if not self._read(AGAIN_SECONDS):
                return self.process.wait(SECONDS)

    def _read(self, seconds: float) -> bool:
        """Show what the program writes within that time. Return False once it has closed the terminal."""
        if select.select([self._keyboard], [], [], max(0.0, seconds))[0]:
            try:
                output = os.read(self._keyboard, 65536)
            except OSError:  # EIO: nobody has the other end open
                return False
            self._stream.feed(output)
            return bool(output)
        return True


def _take_terminal() -> None:
    """Make the standard input the terminal of this session, so that Ctrl-C reaches the program."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@contextmanager
def at_terminal(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Iterator[Terminal]:
    """Run a program at a terminal, in a folder."""
    keyboard, screen = pty.openpty()
    size = {"COLUMNS": str(COLUMNS), "LINES": str(ROWS), "TERM": "xterm"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**environment, **size},
        stdin=screen,
        stdout=screen,
        stderr=screen,
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(screen)
    try:
        yield Terminal(process, keyboard)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(keyboard)
