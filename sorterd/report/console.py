"""Where tables and bars are drawn."""

from __future__ import annotations

import os
import sys

from rich.console import Console


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
    return Screenful(stderr=json_wanted, highlight=False)
