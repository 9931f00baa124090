"""The console on which tables, bars and lines are drawn."""

from __future__ import annotations

import os
import sys

from rich.console import Console
from rich.text import Text

from sorterd.text import printable

PIPED = 1000  # characters: lines that go into a file or through grep are not wrapped


class Screenful(Console):
    """A console that goes quiet when its pipe is closed, so that `sorterd run --once | head` finishes its work."""

    def on_broken_pipe(self) -> None:
        """Discard all further output. By default, rich ends the program."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, (sys.stderr if self.stderr else sys.stdout).fileno())
        os.close(nowhere)


def console_for(*, json_wanted: bool = False) -> Console:
    """Return the console of a command: stdout, or stderr if stdout is for the JSON document."""
    terminal = (sys.stderr if json_wanted else sys.stdout).isatty()
    width = None if terminal or "COLUMNS" in os.environ else PIPED
    return Screenful(stderr=json_wanted, highlight=False, width=width)


def print_labelled(console: Console, label: str, text: str, style: str = "", *, column: int) -> None:
    """Print `text` after a label of `column` characters. Long text is wrapped in its own column."""
    width = max(20, console.width - column)
    for part in Text(printable(text), style=style).wrap(console, width, overflow="fold"):
        part.rstrip()
        console.print(Text(f"{label:<{column}}") + part, no_wrap=True, overflow="ignore", crop=False)
        label = ""
