"""Make what the worker and its libraries print fit for a log.

Decoders print what they find in a hostile file, in any amount and with any bytes. Control characters are escaped, so
that no escape sequence reaches a terminal and no line is forged. Long lines are cut, and beyond a number of lines per
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
    """Takes bytes as they come and passes whole lines to `log`. `last` is the last line that was not empty."""

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
        self._rest = self._rest[-LINE_LENGTH * 4 :]  # a line without end must not fill the memory

    def end_of_job(self) -> None:
        """Log how many lines were left out since the last call, and reset the count."""
        if self._logged > LINES_PER_JOB:
            self._log(f"({self._logged - LINES_PER_JOB} more lines left out)")
        self._logged = 0

    def close(self) -> None:
        """Log the last line, even without its end. No more bytes will come."""
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
