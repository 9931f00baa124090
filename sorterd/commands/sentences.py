"""Sentences for the user, on stdout."""

from __future__ import annotations

import shutil
import sys
import textwrap

from sorterd.text import as_called, printable

WIDEST = 100


def say(text: str, called: str = "sorterd") -> None:
    """Print a sentence, on a terminal wrapped between words. Hints in it repeat how sorterd was `called`."""
    print(wrapped(printable(as_called(text, called))), flush=True)


def wrapped(line: str) -> str:
    """Return a line as it fits the terminal, broken between words. Without a terminal, return it unchanged."""
    if not sys.stdout.isatty():
        return line
    width = min(WIDEST, shutil.get_terminal_size().columns)
    indent = " " * (len(line) - len(line.lstrip()))
    return "\n".join(
        textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    )
