"""The console on which tables, bars and lines are drawn."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager

from rich.console import Console
from rich.segment import Segment, Segments
from rich.text import Text

from sorterd.text import printable

PIPED = 1000  # characters: lines that go into a file or through grep are not wrapped


class Screenful(Console):
    """A console that goes quiet when its pipe is closed, so that `sorterd run --once | head` finishes its work.

    `notes_apart`: what is no record goes to stderr where stdout is a pipe.
    """

    notes_apart = True

    def on_broken_pipe(self) -> None:
        """Discard all further output. By default, rich ends the program."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, (sys.stderr if self.stderr else sys.stdout).fileno())
        os.close(nowhere)


def console_for(*, json_wanted: bool = False, notes_apart: bool = True) -> Console:
    """Return the console of a command: stdout, or stderr if stdout is for the JSON document."""
    terminal = (sys.stderr if json_wanted else sys.stdout).isatty()
    width = None if terminal or "COLUMNS" in os.environ else PIPED
    console = Screenful(stderr=json_wanted, highlight=False, width=width)
    console.notes_apart = notes_apart
    return console


def spinner(text: str) -> AbstractContextManager[object]:
    """Return a context in which a terminal shows on stderr that something takes a while."""
    return Console(stderr=True).status(text)


def print_record(console: Console, *fields: str) -> None:
    """Print fields with tabs between them, as one line of whatever length. They must be printable."""
    console.print(Segments([Segment("\t".join(fields) + "\n")]), end="", crop=False)


def print_note(console: Console, text: str, style: str = "") -> None:
    """Print a sentence about the records that a command printed. It is no record: where those are piped, it goes to
    stderr."""
    if console.is_terminal or not (isinstance(console, Screenful) and console.notes_apart):
        console.print(Text(printable(text), style=style), soft_wrap=True)
    else:
        print(printable(text), file=sys.stderr)


def print_labelled(console: Console, label: str, text: str, style: str = "", *, column: int) -> None:
    """Print `text` after a label of `column` characters. Long text is wrapped in its own column.

    In a pipe a tab stands between the two and nothing is wrapped.
    """
    if not console.is_terminal:
        print_record(console, label, printable(text))
        return
    width = max(20, console.width - column)
    for part in Text(printable(text), style=style).wrap(console, width, overflow="fold"):
        part.rstrip()
        console.print(Text(f"{label:<{column}}") + part, no_wrap=True, overflow="ignore", crop=False)
        label = ""
