"""Wait for a disk that does not answer, before anything of this process touches it.

A process that asks a server that is gone hangs for ever, and neither a signal nor systemd's watchdog reaches it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from sorterd.daemon.signals import Signals
from sorterd.library.places import look_at
from sorterd.log import get_logger
from sorterd.service.notify import Notifier

AGAIN_SECONDS = 10.0


def wait_for_answer(
    videos: Path,
    signals: Signals,
    notifier: Notifier,
    *,
    silent: Callable[[Path], bool] = lambda path: look_at(path)[0].silent,
    again: float = AGAIN_SECONDS,
) -> None:
    """Return when the folder answers, whatever the answer, or when the process is asked to end."""
    logged = False
    while not signals.to_end and silent(videos):
        if not logged:
            get_logger().warning("waiting: the folder of videos does not answer", videos=str(videos))
            notifier.ready(f"waiting for the disk: {videos} does not answer")
        logged = True
        notifier.watchdog()
        until = time.monotonic() + again
        while not signals.to_end and time.monotonic() < until:
            time.sleep(0.2)
    if logged and not signals.to_end:
        get_logger().info("the folder of videos answers", videos=str(videos))
