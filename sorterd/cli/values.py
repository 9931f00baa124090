"""What options take: each function returns the value of a text, or raises ArgumentTypeError that says what is wrong."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path


def share(text: str) -> float:
    """Return a share between 0 and 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        hint = f"; did you mean {value / 100:g}?" if 1 < value <= 100 else ""
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1{hint}")
    return value


def folder(text: str) -> Path:
    """Return a folder."""
    if not text:  # an unset variable in a script must not mean the current folder
        raise argparse.ArgumentTypeError("this is no folder")
    return Path(text)


def name(text: str) -> str:
    """Return the name of a service."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not made of letters, digits, - and _ alone")
    return text


def time(text: str, now: Callable[[], datetime] = datetime.now) -> float:
    """Return a date, a date with a time, or the last time that the clock showed this time, in seconds since the epoch.

    Shortly after midnight, 14:30 is that of yesterday.
    """
    try:
        if "-" in text or ":" not in text:
            return datetime.fromisoformat(text).timestamp()
        today = datetime.fromisoformat(f"{now():%Y-%m-%d}T{text}")
        return (today if today.timestamp() <= now().timestamp() else today - timedelta(days=1)).timestamp()
    except (ValueError, OverflowError, OSError):  # the latter two if the year is out of range
        raise argparse.ArgumentTypeError(f"{text} is not a time; write 14:30 or 2026-01-31T14:30") from None


def port(text: str) -> int:
    """Return a port."""
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text} is not a port: a whole number from 1 to 65535")
    return int(text)


def moves(text: str) -> tuple[int, int]:
    """Return the first and the last number of a range of moves, such as 12-25. Of one move it is the same."""
    first, dash, last = text.partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in (first, last or first)):
        raise argparse.ArgumentTypeError(f"{text} is neither the number of a move nor a range such as 12-25")
    numbers = int(first), int(last or first)
    if not 0 < numbers[0] <= numbers[1] or (dash and not last):
        raise argparse.ArgumentTypeError(f"{text} is neither the number of a move nor a range such as 12-25")
    return numbers


def count(text: str) -> int:
    """Return a whole number of at least 1."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of at least 1")
    return int(text)


def address(text: str) -> str:
    """Return the address of a machine, as in tls://nas:8786."""
    from sorterd.pool_address import parse_address  # not needed by other commands

    try:
        return parse_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
