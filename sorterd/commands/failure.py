"""Report why a command failed: one clear message, the right exit code, no traceback."""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sorterd.config import ConfigError
from sorterd.log import for_journal, is_journal
from sorterd.text import as_called, printable

FAILED, MISUSED, INTERRUPTED = 1, 2, 130  # 130 as in shells: 128 plus the number of SIGINT


class CommandFailed(Exception):
    """A command failed. The message says why and what to do."""


class WrongUsage(CommandFailed):
    """The command was called in a way that cannot be meant. The message says how to call it."""


@dataclass(slots=True)
class CommandOutcome:
    """The exit code of a command."""

    code: int = FAILED


@contextmanager
def explained(called: str = "sorterd") -> Iterator[CommandOutcome]:
    """Turn the errors that are part of the interface into a message on stderr and an exit code.

    `called` is how sorterd was called. Hints repeat it.
    """
    outcome = CommandOutcome()
    try:
        yield outcome
        print(end="", flush=True)  # otherwise an error of flushing would come at exit, where it is not explained
    except ConfigError as error:
        _say(as_called(str(error), called))
        outcome.code = MISUSED
    except sqlite3.Error as error:
        _say(f"sorterd: the database failed ({error}); is its disk full, failing or gone?")
    except _explained_errors() as error:
        _say(f"sorterd: {as_called(str(error), called)}")
        outcome.code = MISUSED if isinstance(error, WrongUsage) else FAILED
    except KeyboardInterrupt as error:
        _say(f"sorterd: interrupted; {as_called(str(error), called)}" if str(error) else "sorterd: interrupted")
        outcome.code = INTERRUPTED
    except BrokenPipeError:
        # `sorterd review | head`: the reader has closed the pipe. Python would report it again when flushing at exit.
        sys.stdout = None
        outcome.code = 0
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        sys.stdout = None
        _say("sorterd: the disk is full, so not all could be written: free some space and try again")
        outcome.code = FAILED


def _explained_errors() -> tuple[type[Exception], ...]:
    """Return the errors whose message says all. They are imported here, because each command would wait for that."""
    from sorterd.library.scan import RootUnavailable
    from sorterd.library.watch_failed import WatcherDied, WatchFailed
    from sorterd.service.control import ControlLost, NoAnswer
    from sorterd.service.lock import AlreadyRunning
    from sorterd.service.program import ProgramReplaced
    from sorterd.store.database import StoreError

    service = AlreadyRunning, ControlLost, NoAnswer, ProgramReplaced, WatcherDied, WatchFailed
    return CommandFailed, RootUnavailable, StoreError, *service


def _say(text: str) -> None:
    """Print a message to stderr. Names in it are made printable, so that they cannot control the terminal."""
    lines = "\n".join(map(printable, text.split("\n")))
    with suppress(BrokenPipeError):  # `2>&1 | head`
        print(for_journal(lines, "error") if is_journal(sys.stderr) else lines, file=sys.stderr)
