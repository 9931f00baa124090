"""Let commands talk to the running daemon: one JSON line to a Unix socket in the state folder, one JSON line back.

A socket and not a port, because only the owner of the state folder can open it. Both sides are this program, but the
daemon does not trust a request to be short, whole or prompt.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore, Thread
from typing import Any, Self

from sorterd.log import get_logger

SOCKET_NAME = "control.sock"
MAX_ADDRESS = 100  # bytes in sun_path: 108 on Linux, 104 on macOS, with the final zero
MAX_REQUEST = 64 * 1024  # bytes
JOIN_SECONDS = 5.0  # a hanging request does not delay the end of the process; its thread ends with it
CLIENT_SECONDS = 2.0  # a client writes its line at once
MOST_CLIENTS = 32  # at a time; more are turned away

ControlMessage = dict[str, Any]
GivenUp = Callable[[], bool]
"""Returns whether the command that sent a request no longer waits for the answer."""


class NotRunning(Exception):
    """No daemon listens in this state folder."""


class NoAnswer(Exception):
    """A daemon runs, but gave no valid answer in time, or failed at the request."""


class ControlLost(Exception):
    """Commands no longer reach the daemon. It has to be started again."""


class ControlServer:
    """`with ControlServer(state_dir, handle):` requests are answered by `handle`, in threads of the server.

    `handle` takes the request and returns the reply, both JSON objects. Before it does something late, it asks whether
    the client has given up. An exception in it is logged and told to the client. Each request has its own thread, so
    one that waits for the loop does not delay `status`. Enter only while holding the StateLock of the folder: a socket
    that is already there counts as the leftover of a killed daemon and is replaced.
    """

    def __init__(self, state_dir: Path, handle: Callable[[ControlMessage, GivenUp], Mapping[str, Any]]) -> None:
        self._path = state_dir / SOCKET_NAME
        self._handle = handle
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._wake, self._woken = socket.socketpair()
        self._thread = Thread(target=self._serve, name="control", daemon=True)
        self._own: tuple[int, int] | None = None
        self._places = BoundedSemaphore(MOST_CLIENTS)

    def __enter__(self) -> Self:
        if self._path.is_socket():
            self._path.unlink()
        with _short_address(self._path) as address:
            self._listener.bind(address)
        self._path.chmod(0o600)  # early enough: nobody can connect before listen()
        self._own = _identity(self._path)
        self._listener.listen(16)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._wake.send(b"!")
        self._thread.join(JOIN_SECONDS)
        for end in (self._listener, self._wake, self._woken):
            end.close()
        if self._is_ours():
            self._path.unlink(missing_ok=True)

    def check(self) -> None:
        """Raise ControlLost if requests can no longer come in or be answered."""
        if not self._is_ours():
            raise ControlLost(f"{self._path} was deleted or replaced while sorterd was running: no command reaches it")
        if not self._thread.is_alive():
            raise ControlLost("requests of other commands are no longer answered")

    def _is_ours(self) -> bool:
        """Return whether the socket is ours. Another service may have put its own there."""
        return self._own is not None and _identity(self._path) == self._own

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select()}
                if self._woken in ready:
                    return
                client, _ = self._listener.accept()
                if self._places.acquire(blocking=False):
                    Thread(target=self._serve_client, args=(client,), name="command", daemon=True).start()
                else:
                    client.close()

    def _serve_client(self, client: socket.socket) -> None:
        try:
            with client:
                line = _read_line(client, CLIENT_SECONDS, MAX_REQUEST)
                reply = self._reply(line, lambda: _has_hung_up(client))
                client.settimeout(CLIENT_SECONDS)
                client.sendall(reply)
        except OSError as error:  # gone, too slow, or too long: the client's problem
            get_logger().debug("a command went away", error=str(error))
        finally:
            self._places.release()

    def _reply(self, line: bytes, given_up: GivenUp) -> bytes:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            request = None
        if not isinstance(request, dict):
            return _line({"error": "the request is not a JSON object"})
        try:
            return _line({"reply": self._handle(request, given_up)})
        except Exception as error:  # noqa: BLE001  # a failed request must not end the thread that answers all others
            get_logger().exception("a request failed", request=request)
            return _line({"error": f"{type(error).__name__}: {error}"})


def ask(state_dir: Path, request: ControlMessage, timeout: float) -> ControlMessage:
    """Send `request` to the daemon of this state folder and return its reply, within about `timeout` seconds.

    Raise NotRunning if there is no daemon, NoAnswer if it does not answer or failed at the request.
    """
    try:
        with (
            socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server,
            _short_address(state_dir / SOCKET_NAME) as address,
        ):
            server.settimeout(timeout)
            server.connect(address)
            server.sendall(_line(request))
            answer = json.loads(_read_line(server, timeout, None))
    except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError) as error:
        raise NotRunning(f"no sorterd is running on {state_dir}") from error
    except TimeoutError as error:
        raise NoAnswer(f"the service did not answer within {timeout:g} seconds; see 'sorterd status'") from error
    except (OSError, ValueError) as error:
        raise NoAnswer(f"sorterd gave no answer: {error}") from error
    if "error" in answer:
        raise NoAnswer(f"sorterd could not do this: {answer['error']}")
    reply: ControlMessage = answer["reply"]
    return reply


def _has_hung_up(client: socket.socket) -> bool:
    """Return whether the client has closed its end: it sends nothing after its line that could be read."""
    with selectors.DefaultSelector() as selector:
        selector.register(client, selectors.EVENT_READ)
        return bool(selector.select(0))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino


@contextmanager
def _short_address(path: Path) -> Iterator[str]:
    """Yield an address for `path` that fits into a socket address and is valid within the block.

    A path that is too long is reached through a symlink to its folder, made in a private temporary folder: the kernel
    measures the text that it is given, not where it leads. This works on Linux and macOS and in every thread.
    /proc/self/fd exists on Linux only, and chdir changes the folder of all threads.
    """
    if len(os.fsencode(path)) <= MAX_ADDRESS:
        yield str(path)
        return
    with tempfile.TemporaryDirectory(prefix="sorterd-") as folder:
        link = Path(folder, "s")
        link.symlink_to(path.parent.absolute())
        yield str(link / path.name)


def _line(message: ControlMessage) -> bytes:
    return json.dumps(message).encode() + b"\n"  # ASCII: names that are not UTF-8 travel as escapes


def _read_line(end: socket.socket, seconds: float, limit: int | None) -> bytes:
    """Return the bytes up to the first newline. Raise OSError if there is none within `seconds` or `limit` bytes."""
    deadline = time.monotonic() + seconds
    line = bytearray()
    while not line.endswith(b"\n"):
        end.settimeout(max(deadline - time.monotonic(), 0.001))
        chunk = end.recv(64 * 1024)
        if not chunk:
            raise ConnectionError("the line was cut off")
        line += chunk
        if limit is not None and len(line) > limit:
            raise ConnectionError("the line is too long")
    return bytes(line)
