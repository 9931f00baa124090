"""Ask the user at the terminal."""

from __future__ import annotations

import sys

from sorterd.commands.failure import WrongUsage
from sorterd.commands.sentences import wrapped

MANY = 20  # what concerns more is not done without a question


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


def agreed(what: str, number: int, *, yes: bool, quiet: bool) -> bool:
    """Return whether what concerns that many videos is to be done: few are not asked about, more than MANY are.

    Raise WrongUsage if the user cannot be asked: without a terminal, or `quiet`, because JSON is printed.
    """
    if yes or number <= MANY:
        return True
    if quiet or not at_terminal():
        raise WrongUsage(f"{what} Add --yes if that is meant; --dry-run lists them")
    try:
        return confirmed(f"{what} Go on?", default=False)
    except NoAnswerGiven:
        return False
