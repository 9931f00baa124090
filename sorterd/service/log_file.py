"""A log file of limited size, for launchd, which only ever appends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

LIMIT = 5 * 1024 * 1024  # bytes
KEPT = 2  # older files kept beside it: x.log.1 is the latest
CHECK_SECONDS = 60.0


class LogFile:
    """Appends whatever this process writes to stderr to `path`.

    The descriptor itself is replaced, so crashes and what libraries print are in it too. Raise OSError if the file
    cannot be created.
    """

    def __init__(self, path: Path, limit: int = LIMIT, kept: int = KEPT) -> None:
        self._path = path
        self._limit = limit
        self._kept = kept
        path.parent.mkdir(parents=True, exist_ok=True)
        self._open()
        self.turn()

    def turn(self) -> float:
        """Put the file aside if it is too large, and start a new one. Return the seconds until the next check."""
        sys.stderr.flush()
        if os.fstat(2).st_size >= self._limit:
            for number in range(self._kept, 0, -1):
                older = self._numbered(number - 1)
                if older.exists():
                    older.replace(self._numbered(number))
            self._open()
        return CHECK_SECONDS

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}") if number else self._path

    def _open(self) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        file = os.open(self._path, flags, 0o600)
        os.dup2(file, 2)
        os.close(file)
