"""The machines that help through a day of kills: they connect again by themselves, and are killed now and then."""

from __future__ import annotations

import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from sorterd.pool import authority
from sorterd.pool.invitation import invite, now_utc
from torture.pool_programs import program


@dataclass(slots=True)
class OtherMachines:
    """So many machines, in a `with` block. `folder` holds the state folder."""

    folder: Path
    number: int
    kills: int = 0
    _port: int = 0
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def config(self) -> str:
        """What the config says of them."""
        return f"pool: {{listen: '127.0.0.1:{self._port}'}}\n" if self.number else ""

    def __post_init__(self) -> None:
        if self.number:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self._port = free.getsockname()[1]
            authority.make(self.folder / "state" / "pool", now=now_utc())

    def __enter__(self) -> None:
        for number in range(self.number):
            invited = invite(self._keys, f"machine{number}", self._address, now=now_utc())
            self._invitation(number).write_bytes(invited)
            self._running.append(self._started(number))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in self._running:
            process.kill()
            process.wait()

    def kill_one(self) -> None:
        """Kill one, and start it again."""
        if self.number:
            number = self.kills % self.number
            self.kills += 1
            self._running[number].kill()
            self._running[number].wait()
            self._running[number] = self._started(number)

    def begun(self) -> int:
        """Return how many videos they have begun."""
        return sum(log.read_bytes().count(b"begins ") for log in self.folder.glob("machine*.log"))

    @property
    def _keys(self) -> Path:
        return self.folder / "state" / "pool"

    @property
    def _address(self) -> str:
        return f"tls://127.0.0.1:{self._port}"

    def _invitation(self, number: int) -> Path:
        return self.folder / f"machine{number}.invitation"

    def _started(self, number: int) -> subprocess.Popen[bytes]:
        command = [*program("machine"), str(self._invitation(number)), self._address, str(self.folder / f"m{number}")]
        with (self.folder / f"machine{number}.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
