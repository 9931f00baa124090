"""Allow only one daemon per state folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sorterd.text import printable

LOCK = "lock"


class AlreadyRunning(Exception):
    """Another process holds the state folder. `pid` is its number, or None if it has not written it down yet."""

    def __init__(self, state_dir: Path, pid: int | None) -> None:
        who = f"sorterd is already running (process {pid})" if pid else "sorterd is already starting"
        super().__init__(f"{who} on {printable(str(state_dir))}; stop that one first, or set another state_dir")
        self.pid = pid


class StateLock:
    """`with StateLock(folder):` the state folder belongs to this process, until the end of the block or of the process.

    The kernel releases the lock when the process ends, however it ends, so none is stale after `kill -9`. The file
    `lock` stays and holds the process number. Raise AlreadyRunning if another process was first, OSError if the folder
    cannot be created or written.
    """

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir
        self._file = -1

    def __enter__(self) -> Self:
        self._state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _asking(self._state_dir):
            file = _open(self._state_dir / LOCK)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pid = _read_pid(file)
                os.close(file)
                raise AlreadyRunning(self._state_dir, pid) from None
            os.ftruncate(file, 0)
            os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file
        return self

    def __exit__(self, *_error: object) -> None:
        os.ftruncate(self._file, 0)
        os.close(self._file)


def holder(state_dir: Path) -> int | None:
    """Return the process that holds this state folder, or None. Takes no lock and creates no folder."""
    if not (state_dir / LOCK).exists():
        return None
    with _asking(state_dir):
        file = _open(state_dir / LOCK)
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read_pid(file)
        else:
            return None
        finally:
            os.close(file)


@contextmanager
def _asking(state_dir: Path) -> Iterator[None]:
    """Let one process at a time ask.

    Asking means to try the lock for a moment. A daemon that starts in that moment would take the asker for another
    daemon. The gate is held for microseconds, so waiting for it is safe.
    """
    gate = _open(state_dir / "lock.ask")
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
    finally:
        os.close(gate)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _read_pid(file: int) -> int | None:
    text = os.pread(file, 20, 0).strip()
    return int(text) if text.isdigit() else None
