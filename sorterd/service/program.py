"""Notice that sorterd was updated or removed while it runs.

What it imports or starts from then on, such as its worker, would be of another version than itself.
"""

from __future__ import annotations

from pathlib import Path

import sorterd

PROGRAM = Path(sorterd.__file__)
"""Holds the version, and is written by each installation."""


class ProgramReplaced(Exception):
    """The program on disk is another than the one that runs. It has to be started again."""


class InstalledProgram:
    """The program as it lay on disk at the start. Its inode does not count, because some file systems change inodes."""

    def __init__(self, file: Path = PROGRAM) -> None:
        self._file = file
        self._before = self._now()

    def check(self) -> None:
        """Raise ProgramReplaced if it lies there no more, or another does."""
        if self._now() != self._before:
            raise ProgramReplaced(
                "sorterd was updated or removed while it was running; it ends here, so that what is installed now can "
                "start"
            )

    def _now(self) -> tuple[bytes, int] | None:
        try:
            return self._file.read_bytes(), self._file.stat().st_mtime_ns
        except OSError:  # a process that cannot read its program cannot start a worker either
            return None
