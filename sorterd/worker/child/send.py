"""How a job speaks to the daemon."""

from collections.abc import Callable

from sorterd.worker.messages import Report

Send = Callable[[Report], None]
"""Takes one report; may be called from any thread."""
