"""What other threads send to the loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue

from sorterd.worker.host.lost import WorkerLost
from sorterd.worker.report_messages import Report


class Hint:
    """Something changed on disk: synchronize."""


@dataclass(frozen=True, slots=True)
class Call:
    """Run this on the loop's thread."""

    action: Callable[[], None]


LoopMessage = Hint | Call | Report | WorkerLost
Inbox = SimpleQueue[LoopMessage]
