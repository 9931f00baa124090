"""The command line: the commands, their options, and the function for each.

Exit codes: 0 done, 1 failed, 2 wrong usage or config, 130 interrupted. `--json` prints one JSON document on stdout.
Logs go to stderr. Each command lives in `sorterd/commands/` and is imported only when it is called. argparse, not
Typer: a prototype with Typer took 0.14 to 0.18 s of processor time for `--help`, and 0.15 s is the limit.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

from sorterd.cli.parser import parser

__all__ = ["main", "parser"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a name that the terminal cannot show must not end the program
            stream.reconfigure(errors="backslashreplace")
    options = parser().parse_args(arguments)
    module, _, function = options.command.partition(":")
    try:
        from sorterd.commands.called import call
        from sorterd.commands.failure import explained  # imported in the try: it takes long enough to be interrupted

        with explained(call(options)) as outcome:
            outcome.code = getattr(import_module(f"sorterd.commands.{module}"), function)(options)
    except KeyboardInterrupt:
        print("sorterd: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    return outcome.code
