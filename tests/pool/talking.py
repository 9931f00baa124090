"""A coordinator, as the daemon has it, and what it says."""

import queue
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sorterd.pool.home.certificates import Certificates
from sorterd.pool.home.link import Link, Taken
from sorterd.pool.messages import LIMIT, Listening
from sorterd.pool_address import bracketed
from sorterd.worker import wire


class Home:
    """A link to a real coordinator on this computer. `said` is what it has said; `heard` waits for the next."""

    def __init__(self, folder: Path, *, host: str = "127.0.0.1", deaf: bool = False, **options: Any) -> None:
        self._host, self._deaf = host, deaf
        self.messages: queue.Queue[Taken] = queue.Queue()
        self.printed: list[str] = []
        self.link = Link(
            Certificates(folder), host, 0, take=self._take, log=self.printed.append, **{"ttl": 3.0, **options}
        )
        self.link.start()

    def _take(self, message: Taken) -> None:
        self.messages.put(message)
        if not self._deaf:  # it deals with what is said
            self.link.read()

    def opened(self) -> str:
        """Wait until it listens, and return its address."""
        return f"tls://{bracketed(self._host)}:{self.heard(Listening).port}"

    def heard(self, kind: Any, which: Callable[[Any], bool] = lambda _: True, seconds: float = 60.0) -> Any:
        """Return the next message of this kind for which that holds; those before it are dropped."""
        while True:
            message = self.messages.get(timeout=seconds)
            if isinstance(message, kind) and which(message):
                return message

    def send(self, machine: int, *messages: Any) -> None:
        self.link.send(machine, framed(messages))


def framed(messages: Iterable[Any]) -> Iterable[bytes]:
    return [wire.encode_body(message, LIMIT) for message in messages]
