"""The daemon's end of the pipe to the coordinator: start it, pass frames, and start it again when it has ended."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sorterd.pool import messages
from sorterd.pool.home.certificates import Certificates
from sorterd.pool.messages import FROM_COORDINATOR, LINK_LIMIT
from sorterd.worker import wire
from sorterd.worker.host.bell import Bell
from sorterd.worker.host.pipes import Pipes
from sorterd.worker.host.process import Child, describe_exit
from sorterd.worker.host.stderr import StderrLines
from sorterd.worker.wire import WireError

COMMAND = (sys.executable, "-P", "-m", "sorterd.pool.coordinator")
TTL = 20.0  # seconds of silence after which a machine has gone
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0  # seconds between two starts
_MOST_UNREAD, _UNIT = 200, 40_000  # messages of so many bytes that the loop has not taken yet; fewer longer ones
_MOST_FULL = 1000  # machines, whatever the coordinator says
_AHEAD = 2  # frames on the way into the pipe; the next piece of a file is read when these are gone


@dataclass(frozen=True, slots=True)
class Ended:
    """The coordinator has ended, and every connection with it. Another one is started after a while."""

    reason: str


Taken = messages.FromCoordinator | Ended


class Link:
    """At most one coordinator process, from `start` to `stop`, and one thread that talks to it.

    `take` gets what it says, on that thread. It must call `read` for each message once that has been dealt with: a
    coordinator that says too much waits, and does not fill this process's memory.
    """

    def __init__(
        self,
        certificates: Certificates,
        host: str,
        port: int,
        *,
        take: Callable[[Taken], None],
        log: Callable[[str], None],
        ttl: float = TTL,
        command: Sequence[str] = COMMAND,
        patience: float = 2.0,
        first_wait: float = _FIRST_WAIT,
    ) -> None:
        self._certificates = certificates
        self._host, self._port, self._ttl = host, port, ttl
        self._take, self._log = take, log
        self._command, self._patience, self._first_wait = tuple(command), patience, first_wait
        self.pid: int | None = None
        # For which machine (0: for the coordinator itself), and frames of bodies, made when they can be sent.
        self._ahead: deque[tuple[int, Iterator[bytes]]] = deque()
        self._full: set[int] = set()  # machines that take nothing for now
        self._room = threading.Semaphore(_MOST_UNREAD)
        self._unread: deque[int] = deque()  # how much room each message takes
        self._stopping = threading.Event()
        self._bell: Bell | None = None  # there as long as the thread
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self._bell = Bell()
        self._thread = threading.Thread(target=self._run, name="pool", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the coordinator and the thread."""
        if self._thread is None:
            return
        self._stopping.set()
        self._ring()
        self._thread.join()
        assert self._bell is not None
        self._bell.close()
        self._thread = self._bell = None

    def send(self, machine: int, frames: Iterable[bytes]) -> None:
        """Send frames to a machine, in order. Each is made when it can be sent, on the thread."""
        self._ahead.append((machine, (_link_frame(messages.Passed(machine, frame)) for frame in frames)))
        self._ring()

    def disconnect(self, machine: int, last: bytes = b"") -> None:
        """End the connection of a machine at once, with a last frame. What else was to be sent to it is dropped."""
        self.forget(machine)
        self._ahead.append((0, iter((_link_frame(messages.Disconnect(machine, last)),))))
        self._ring()

    def forget(self, machine: int) -> None:
        """Send nothing more to a machine of what has not been made yet."""
        for ahead in [ahead for ahead in tuple(self._ahead) if ahead[0] == machine]:
            with suppress(ValueError):  # the thread has just come to its end
                self._ahead.remove(ahead)

    def read(self) -> None:
        """Say that one message has been dealt with."""
        self._room.release(self._unread.popleft())

    def _ring(self) -> None:
        if self._bell is not None:  # else there is nobody to send anything to, before the start and after the end
            self._bell.ring()

    # --- the thread ---

    def _run(self) -> None:
        wait = self._first_wait
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                reason = self._run_child()
            except OSError as error:  # no process, no certificate, no disk
                reason = f"cannot be started: {error.strerror or error}"
            self._ahead.clear()
            self._full.clear()
            if self._stopping.is_set():
                return
            self._hand_over(Ended(reason))
            wait = self._first_wait if time.monotonic() - begun > _LONGEST_WAIT else min(2 * wait, _LONGEST_WAIT)
            self._stopping.wait(wait)

    def _run_child(self) -> str:
        """Run one coordinator from its start to its end. Return why it ended."""
        opening = self._open()
        child = Child(self._command)
        self.pid = child.pid
        lines = StderrLines(self._log)
        child.send(_link_frame(opening))
        try:
            why = self._serve(child, lines)
        finally:
            status = child.end(self._patience)
            lines.close()
            child.close()
            self.pid = None
        return why or describe_exit(status, lines.last)

    def _open(self) -> messages.Open:
        scratch = self._certificates.folder / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        identity, machines = self._certificates.identity(), self._certificates.machines()
        return messages.Open(self._host, self._port, identity, machines, os.fsencode(scratch), self._ttl)

    def _serve(self, child: Child, lines: StderrLines) -> str:
        assert self._bell is not None
        frames = wire.Frames(LINK_LIMIT, FROM_COORDINATOR)
        with Pipes(child, self._bell, lines) as pipes:
            while not self._stopping.is_set():
                data = pipes.wait(unsent=self._flush(child))
                if data == b"":
                    return ""
                if data is not None:
                    try:
                        for message in frames.feed(data):
                            self._heard(message)
                    except WireError as error:
                        return f"sent an invalid message: {error}"
                    lines.end_of_job()
        return ""

    def _flush(self, child: Child) -> bool:
        """Write what the pipe takes. Return whether something is left."""
        while True:
            if child.flush():
                return True
            ahead = next((ahead for ahead in tuple(self._ahead) if ahead[0] not in self._full), None)
            if ahead is None:
                return False
            for _ in range(_AHEAD):
                frame = next(ahead[1], None)
                if frame is None:
                    with suppress(ValueError):  # it was forgotten meanwhile
                        self._ahead.remove(ahead)
                    break
                child.send(frame)

    def _heard(self, message: messages.FromCoordinator) -> None:
        if isinstance(message, messages.Full):
            if message.full and len(self._full) < _MOST_FULL:
                self._full.add(message.machine)
            else:
                self._full.discard(message.machine)
        else:
            self._hand_over(message)

    def _hand_over(self, message: Taken) -> None:
        size = 1 + len(message.frame) // _UNIT if isinstance(message, messages.Passed) else 1
        left = size
        while not self._stopping.is_set():
            left -= self._room.acquire(timeout=0.1)
            if not left:
                self._unread.append(size)
                self._take(message)
                return


def _link_frame(message: messages.LinkMessage) -> bytes:
    return wire.framed(wire.encode_body(message, LINK_LIMIT))
