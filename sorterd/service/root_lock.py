"""Allow only one process at a time to work on a folder of videos, even with different state folders.

Two services with different state folders would undo each other's moves. Nothing may be written among the videos, and no
descriptor may be kept open there (`flock` needs one): the disk could not be unmounted. So the lock is a name that the
kernel gives to only one process and takes back when it ends: a Unix socket in the abstract namespace, named after the
device and inode of the folder. macOS has no such namespace; there it is a lock file among the user's run-time files.

The lock holds on this computer only. It does not see another computer that mounts the same share, nor a container with
its own network. On macOS it does not see other users either.
"""

from __future__ import annotations

import errno
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

import platformdirs

from sorterd.log import get_logger
from sorterd.service.lock import AlreadyRunning, StateLock
from sorterd.text import printable

ASK_SECONDS = 1.0
MOST_ASKERS = 100  # between two calls of `take`; later ones are refused, but do not learn who holds the folder


class RootTaken(AlreadyRunning):
    """Another process works on this folder of videos with another state folder. `pid` is as in AlreadyRunning."""

    def __init__(self, root: Path, pid: int | None) -> None:
        who = f"another sorterd (process {pid})" if pid else "another sorterd"
        Exception.__init__(
            self, f"{who} works on {printable(str(root))}, with another state folder; stop that one first"
        )
        self.pid = pid


class RootLock:
    """`with RootLock(root) as lock:` the folder belongs to this process, as soon as it exists.

    Call `take` before each look at the folder: it may have been away, and has another device and inode when it comes
    back. Raise RootTaken.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held: socket.socket | StateLock | None = None
        self._numbers: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, *_error: object) -> None:
        self._release()

    def take(self) -> None:
        """Take the lock of the folder that exists now, unless it is already held. Raise RootTaken."""
        if isinstance(self._held, socket.socket):
            with suppress(BlockingIOError):
                while True:  # close the connections of those who asked: the kernel's queue holds only so many
                    self._held.accept()[0].close()
        numbers = _numbers(self._root)
        if numbers is None or numbers == self._numbers:
            return
        self._release()
        try:
            held = _taken(*numbers)
        except AlreadyRunning as error:
            raise RootTaken(self._root, error.pid) from None
        except OSError as error:  # local sockets are forbidden here
            get_logger().info("whether another sorterd works on this folder is not known", error=str(error))
            return
        self._held, self._numbers = held, numbers

    def _release(self) -> None:
        if self._held is not None:
            self._held.__exit__(None, None, None)
        self._held = self._numbers = None


def _numbers(root: Path) -> tuple[int, int] | None:
    try:
        found = root.stat()
    except OSError:  # the folder is away, so nobody works on it
        return None
    return found.st_dev, found.st_ino


def _taken(device: int, inode: int) -> socket.socket | StateLock:
    """Return what holds the lock. Raise AlreadyRunning or OSError."""
    if sys.platform == "linux":
        return _bound(_address(device, inode))
    return StateLock(platformdirs.user_runtime_path("sorterd") / f"{device}-{inode}").__enter__()


def _address(device: int, inode: int) -> str:
    return f"\0sorterd-root-{device}-{inode}"


def _bound(address: str) -> socket.socket:
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        found.bind(address)
        found.listen(MOST_ASKERS)  # so that those who ask learn our process number
        found.setblocking(False)
    except OSError as error:
        found.close()
        if error.errno == errno.EADDRINUSE:
            raise AlreadyRunning(Path(), _owner(address)) from None
        raise
    return found


def _owner(address: str) -> int | None:
    """Return the process that listens there, according to the kernel."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asker:
        asker.settimeout(ASK_SECONDS)
        try:
            asker.connect(address)
            pid, _, _ = struct.unpack("3i", asker.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        except OSError:
            return None
    return int(pid) or None
