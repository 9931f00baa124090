"""Run a real service as a child process and follow its log."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 240.0  # seconds for one event on a busy machine
REAL = (sys.executable, "-m", "sorterd")
"""`sorterd` as it is. `support.cheap_service` is the same with a worker that costs little."""
TESTS = Path(__file__).parents[1]

Line = dict[str, Any]


def program(module: str) -> tuple[str, ...]:
    """The command that runs `main` of a module of the tests, wherever it is started from."""
    code = f"import sys; sys.path.insert(0, {str(TESTS)!r}); import {module} as it; sys.exit(it.main())"
    return (sys.executable, "-P", "-c", code)


class ServiceFailed(AssertionError):
    """The service ended, or did not log in time what was waited for."""


class Service:
    """A running `sorterd run` for one config, with its log lines as they come.

    `hear` is called with each line on another thread. `keep_log`: keep all lines in `seen`.
    """

    def __init__(
        self,
        config: Path,
        program: Sequence[str] = REAL,
        *,
        hear: Callable[[Line], None] = lambda _: None,
        keep_log: bool = True,
    ) -> None:
        command = [*program, "--config", str(config), "run"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace")
        self.pid = self.process.pid
        self.seen: list[Line] = []
        self.counts: dict[str, int] = {}
        self._hear = hear
        self._keep = keep_log
        self._news = threading.Condition()
        self._unread: list[Line] = []
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, *events: str, patience: float = PATIENCE, **facts: object) -> Line:
        """Return the next log line of one of these events with these facts. Raise ServiceFailed if none comes."""
        deadline = time.monotonic() + patience
        with self._news:
            while True:
                while self._unread:
                    line = self._unread.pop(0)
                    if line["event"] in events and facts.items() <= line.items():
                        return line
                if self._ended:
                    raise ServiceFailed(f"it ended after {self.seen[-5:]}")
                if not self._news.wait(deadline - time.monotonic()):
                    raise ServiceFailed(f"no {events} with {facts} within {patience:g} s, but {self.seen[-5:]}")

    def leave_alone(self, seconds: float) -> None:
        """Wait. Raise ServiceFailed if the service ends meanwhile."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return
        raise ServiceFailed(f"it ended by itself after {self.seen[-5:]}")

    def becomes(self, said: Callable[[], Line], holds: Callable[[Line], bool]) -> Line:
        """Wait until that holds of what is said. Return that."""
        end = time.monotonic() + 30
        while not holds(found := said()):
            assert time.monotonic() < end, found
            self.leave_alone(0.05)
        return found

    def events(self, event: str) -> list[Line]:
        """Return all lines of this event so far."""
        return [line for line in self.seen if line["event"] == event]

    def workers(self) -> list[int]:
        """Return the process ids of its children: none, or the worker's."""
        said = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in said.splitlines()]
        return [pid for pid, parent in pairs if parent == self.pid]

    def kill(self) -> None:
        """Send SIGKILL, like a power cut."""
        self.process.send_signal(signal.SIGKILL)
        self._over()

    def stop(self) -> int:
        """Send SIGTERM, as systemd does. Return the exit code."""
        self.process.terminate()
        return self._over()

    def _over(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def _read(self) -> None:
        assert self.process.stderr is not None
        for text in self.process.stderr:
            line = json.loads(text) if text.startswith("{") else {"event": "other", "line": text}
            self._hear(line)
            with self._news:
                if self._keep or line["event"] == "other":
                    self.seen.append(line)
                self.counts[line["event"]] = self.counts.get(line["event"], 0) + 1
                self._unread.append(line)
                if not self._keep:
                    del self._unread[:-1000]
                self._news.notify_all()
        self.process.stderr.close()
        with self._news:
            self._ended = True
            self._news.notify_all()


@contextmanager
def running(
    config: Path,
    program: Sequence[str] = REAL,
    *,
    hear: Callable[[Line], None] = lambda _: None,
    keep_log: bool = True,
) -> Iterator[Service]:
    """Yield a running service, which is killed at the end at the latest."""
    service = Service(config, program, hear=hear, keep_log=keep_log)
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.kill()


def sorterd(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    command = [*REAL, "--config", str(config), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=environment, check=False)


def run_once(config: Path, program: Sequence[str] = REAL) -> subprocess.CompletedProcess[str]:
    """One pass over the library, `sorterd run --once`, to its end."""
    command = [*program, "--config", str(config), "run", "--once"]
    return subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE, check=False)
