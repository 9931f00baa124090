"""Where tables, bars and lines are drawn."""

from __future__ import annotations

import os
import sys

from rich.console import Console
from rich.text import Text

from sorterd.text import printable

PIPED = 1000  # characters: a line that goes into a file or through grep is not broken


class Screenful(Console):
    """A console whose reader may have enough: `sorterd run --once | head` goes on with its work and says no more."""

    def on_broken_pipe(self) -> None:
        """Write to nowhere from now on; rich itself would end the program."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, (sys.stderr if self.stderr else sys.stdout).fileno())
        os.close(nowhere)


def console_for(*, json_wanted: bool = False) -> Console:
    """Where a command draws: stdout, or stderr when stdout is for the JSON document."""
    terminal = (sys.stderr if json_wanted else sys.stdout).isatty()
    width = None if terminal or "COLUMNS" in os.environ else PIPED
    return Screenful(stderr=json_wanted, highlight=False, width=width)


def print_labelled(console: Console, label: str, text: str, style: str = "", *, column: int) -> None:
    """Print `text` behind a label of `column` characters; what does not fit is wrapped below the text."""
    width = max(20, console.width - column)
    for part in Text(printable(text), style=style).wrap(console, width, overflow="fold"):
        part.rstrip()
        console.print(Text(f"{label:<{column}}") + part, no_wrap=True, overflow="ignore", crop=False)
        label = ""
