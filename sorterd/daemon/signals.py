"""Signals to the service: SIGINT and SIGTERM to end, SIGHUP to read the config again."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Signals:
    """Remembers which signals came, and calls the listener."""

    to_end: bool = False
    to_reload: bool = False
    listener: Callable[[], None] = lambda: None
    """Called in the signal handler, so it may only do what is re-entrant."""


@contextmanager
def heard() -> Iterator[Signals]:
    """Signals of this process, from now to the end of the block. The second SIGINT or SIGTERM ends the process.

    On a terminal SIGHUP says that it was closed: then it ends the service, which nobody could see or stop any more.
    Where it was ignored from the start (nohup), it stays so.
    """
    signals = Signals()
    on_terminal = sys.stdin is not None and sys.stdin.isatty()

    def end(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        signals.to_end = True
        signals.listener()

    def reload(_number: int, _frame: object) -> None:
        signals.to_reload = True
        signals.listener()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, end if on_terminal else reload)
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
