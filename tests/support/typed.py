"""Commands that are typed in this process, which need not load all of `sorterd`, and what they print."""

import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

from sorterd.cli import main


class Said(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    def done(self) -> str:
        """Return its output. Raise AssertionError if it failed."""
        assert self.code == 0, self
        return self.out

    def failed(self, code: int = 1) -> str:
        """Return what it complains of. Raise AssertionError unless it ended with `code`."""
        assert self.code == code, self
        return self.err

    def refused(self, code: int = 1) -> str:
        """Return what it complains of. Raise AssertionError unless it ended with `code` and printed nothing else."""
        assert self.out == "", self
        return self.failed(code)

    @property
    def json(self) -> Any:
        """Return the document that it printed. Raise AssertionError if it failed."""
        return json.loads(self.done())


def said_by(command: Callable[[], int], encoding: str = "utf-8") -> Said:
    """Carry out a command. Its output is as strict as a pipe. Wrong usage ends it with 2, as it ends the process."""
    out, err = (TextIOWrapper(BytesIO(), encoding=encoding, newline="", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = command()
        except SystemExit as ended:
            code = int(ended.code or 0)
    printed = []
    for stream in (out, err):
        stream.seek(0)
        printed.append(stream.read())
    return Said(code, *printed)


def typed(*arguments: str) -> Said:
    """Type one command."""
    return said_by(lambda: main(arguments))


def asked(config: Path, *arguments: str) -> Said:
    """Type one command for this config."""
    return typed("--config", str(config), *arguments)
