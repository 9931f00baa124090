"""A real service in a process of its own, watched through its log."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

PATIENCE = 240.0  # seconds for one event on a busy machine


class Service:
    """`sorterd run` for one config; its log lines as they come."""

    def __init__(self, config: Path) -> None:
        command = [sys.executable, "-m", "sorterd", "--config", str(config), "run"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        self.seen: list[dict[str, Any]] = []
        self._lines: Queue[dict[str, Any]] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, event: str, **facts: object) -> dict[str, Any]:
        """The next log line of this event with these facts; fails after PATIENCE seconds without one."""
        while True:
            line = self._lines.get(timeout=PATIENCE)
            if line.get("event") == event and facts.items() <= line.items():
                return line
            assert line.get("event") != "ended", f"it ended after {self.seen[-5:]}"

    def events(self, event: str) -> list[dict[str, Any]]:
        """All lines of this event so far."""
        return [line for line in self.seen if line["event"] == event]

    def kill(self) -> None:
        """SIGKILL, as a power cut would have it."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        """SIGTERM, as systemd has it; the exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            entry = json.loads(line) if line.startswith("{") else {"event": "other", "line": line}
            self.seen.append(entry)
            self._lines.put(entry)
        self._lines.put({"event": "ended"})


@contextmanager
def running(config: Path) -> Iterator[Service]:
    """A service that is surely gone at the end."""
    service = Service(config)
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.kill()


def sorterd(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    command = [sys.executable, "-m", "sorterd", "--config", str(config), *arguments]
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=environment, check=False)
