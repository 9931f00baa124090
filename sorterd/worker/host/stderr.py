"""What the worker and the libraries in it print, made fit for a log.

Decoders print what they find in a hostile file, in any amount and with any bytes: control characters are
escaped (no terminal escape reaches a terminal, no line is forged), long lines are cut, and beyond a number of lines per
job the rest is only counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sorterd.text import printable

LINES_PER_JOB = 100
LINE_LENGTH = 500
_ENDS = re.compile(rb"[\r\n]+")


class StderrLines:
    """Takes the bytes as they come, hands whole lines to `log`. `last` is the last line that was not empty."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._rest = b""
        self._logged = 0
        self.last = ""

    def feed(self, data: bytes) -> None:
        """Take in the next bytes."""
        *lines, self._rest = _ENDS.split(self._rest + data)
        for line in lines:
            self._take(line)
        self._rest = self._rest[-LINE_LENGTH * 4 :]  # a line without end must not eat the memory

    def end_of_job(self) -> None:
        """Say how much was left out since the last call, and start counting anew."""
        if self._logged > LINES_PER_JOB:
            self._log(f"({self._logged - LINES_PER_JOB} more lines left out)")
        self._logged = 0

    def close(self) -> None:
        """No more bytes will come."""
        self._take(self._rest)
        self._rest = b""
        self.end_of_job()

    def _take(self, raw: bytes) -> None:
        line = printable(raw.strip().decode("utf-8", "backslashreplace"))[:LINE_LENGTH]
        if not line:
            return
        self.last = line
        self._logged += 1
        if self._logged <= LINES_PER_JOB:
            self._log(line)
