"""Ask the user at the terminal."""

from __future__ import annotations

import sys

from sorterd.commands.sentences import wrapped


class NoAnswerGiven(Exception):
    """The input ended (Ctrl-D) before the user answered."""


def at_terminal() -> bool:
    """Return whether the user can be asked: both input and output are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def asked(question: str) -> str:
    """Return what the user types, without spaces around it. Raise NoAnswerGiven at the end of the input."""
    try:
        return input(f"{wrapped(question)} ").strip()
    except EOFError:
        print()
        raise NoAnswerGiven from None
    except KeyboardInterrupt:
        print()  # what is said next begins a line
        raise


def confirmed(question: str, *, default: bool = True) -> bool:
    """Return whether the user says yes. Enter alone means `default`. Raise NoAnswerGiven at the end of the input."""
    while True:
        answer = asked(f"{question} [{'Y/n' if default else 'y/N'}]").lower()
        if not answer:
            return default
        if answer in ("y", "yes", "n", "no"):
            return answer.startswith("y")
        print("Please type y or n.")
