"""A child process whose pipes never block its parent."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

_CHUNK = 1 << 16

ENVIRONMENT = {
    "MALLOC_ARENA_MAX": "2",  # glibc keeps a heap per thread that ever allocated: decoders and models took 75 MB more
    "OMP_WAIT_POLICY": "PASSIVE",  # threads that wait by spinning made a busy machine 7 times slower
    # Its threads wait by calling sched_yield for ever: under Linux 6.18 two of them kept the third from ever running.
    "OPENBLAS_NUM_THREADS": "1",
    "JOBLIB_MULTIPROCESSING": "0",  # scikit-learn needs no joblib processes, and may not create their semaphores
    "ORT_DISABLE_TELEMETRY": "1",  # ONNX Runtime reports its use to its makers, and keeps a number for this computer
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
"""For libraries in the child, which read these when they are loaded. Values that the user has set take precedence."""


class Child:
    """One process that leads its own session: Ctrl-C in the terminal does not reach it, and `kill` reaches all of it.

    Raise OSError if it cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            close_fds=True,
            start_new_session=True,
            env=ENVIRONMENT | os.environ,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self.pid = self._process.pid
        self.stdin, self.stdout, self.stderr = self._process.stdin, self._process.stdout, self._process.stderr
        for pipe in (self.stdin, self.stdout, self.stderr):
            os.set_blocking(pipe.fileno(), False)
        self.resisted = False
        """Whether it had to be forced to end."""
        self._unsent: list[memoryview] = []

    def send(self, frame: bytes) -> None:
        """Queue a frame for `flush` to write."""
        self._unsent.append(memoryview(frame))

    def flush(self) -> bool:
        """Write as much as the pipe takes now. Return whether some is left."""
        while self._unsent:
            frame = self._unsent.pop(0)
            try:
                written = os.write(self.stdin.fileno(), frame)
            except BlockingIOError:
                written = 0
            except BrokenPipeError:  # it is dying; the end of its stdout will show that
                self._unsent.clear()
                return False
            if written < len(frame):
                self._unsent.insert(0, frame[written:])
                return True
        return False

    def end(self, patience: float) -> int:
        """End it and return its exit status: close its stdin, then SIGTERM, then SIGKILL, `patience` seconds apart.

        A process that is already dying keeps its own exit status. One that even SIGKILL does not end at once (stuck in
        the kernel on a dead file system) is left behind.
        """
        self._unsent.clear()
        self.stdin.close()
        for harder in (self._process.terminate, self.kill, None):
            if self._ended_within(patience):
                self.kill()  # processes that it started and left behind
                return self._process.wait()
            self.resisted = True
            if harder is not None:
                harder()
        return -signal.SIGKILL

    def _ended_within(self, seconds: float) -> bool:
        """Return whether it ends in time.

        On Linux it is not reaped yet, so that its number still belongs to its group.
        """
        if sys.platform != "linux":
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
            return self._process.returncode is not None
        pidfd = os.pidfd_open(self.pid)
        try:
            return bool(select.select([pidfd], [], [], seconds)[0])
        finally:
            os.close(pidfd)

    def kill(self) -> None:
        """Send SIGKILL to it and all that it started."""
        if self._process.returncode is None:  # not reaped, so the number is still its own
            with suppress(ProcessLookupError, PermissionError):  # gone; on macOS: only a zombie is left
                os.killpg(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Close the pipes."""
        for pipe in (self.stdin, self.stdout, self.stderr):
            pipe.close()


def read_now(fd: int) -> bytes | None:
    """Return one chunk of what a non-blocking pipe holds, or b"" at its end, None if it holds nothing yet."""
    try:
        return os.read(fd, _CHUNK)
    except BlockingIOError:
        return None


def told_to_end(status: int) -> bool:
    """Return whether somebody else asked it to end: a service manager that stops the whole group, or a person."""
    return -status in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def describe_exit(status: int, last_line: str) -> str:
    """Return, for people, why a process ended by itself. `last_line` is the last line that it wrote to stderr."""
    printed = f": {last_line}" if last_line else ""
    if status >= 0:
        return f"ended with exit code {status}{printed}"
    if told_to_end(status):
        return "was told to end by somebody else"
    if -status == signal.SIGKILL:
        return "was killed, probably out of memory"
    try:
        name = signal.Signals(-status).name
    except ValueError:  # a real-time signal
        name = f"signal {-status}"
    return f"crashed ({name}){printed if -status == signal.SIGABRT else ''}"
