"""How a command ends when it cannot do what it was asked: one clear message, the right exit code, no traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sorterd.config import ConfigError
from sorterd.daemon.watching import WatcherDied
from sorterd.library.scan import RootUnavailable
from sorterd.library.watch import WatchFailed
from sorterd.service.control import NoAnswer
from sorterd.service.lock import AlreadyRunning
from sorterd.store.database import StoreError

FAILED, MISUSED = 1, 2


class CommandFailed(Exception):
    """A command cannot do what it was asked; the message says why and what to do."""


@dataclass(slots=True)
class Outcome:
    """The exit code of a command."""

    code: int = FAILED


@contextmanager
def explained() -> Iterator[Outcome]:
    """Turn the errors that are part of the interface into a message on stderr and an exit code."""
    outcome = Outcome()
    try:
        yield outcome
    except ConfigError as error:
        print(error, file=sys.stderr)
        outcome.code = MISUSED
    except (CommandFailed, AlreadyRunning, NoAnswer, RootUnavailable, StoreError, WatcherDied, WatchFailed) as error:
        print(f"sorterd: {error}", file=sys.stderr)
        outcome.code = FAILED
    except BrokenPipeError:
        # `sorterd review | head`: who reads has enough. Python would complain again while flushing at exit.
        sys.stdout = None
        outcome.code = FAILED
