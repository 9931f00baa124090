"""The service with cheap models and an impatient eye on its watcher.

SIGUSR1 makes the watcher's next event an error, as a bug in a library would: the thread that reads events dies of it.
"""

import os
import signal

from support import cheap_service
from support.service import program

from sorterd.daemon import watcher
from sorterd.library.inotify import Inotify

FRAIL = program("hardship.frail_service")


def main() -> int:
    watcher.CHECK_SECONDS = 0.2
    watcher.POLL_SECONDS = 0.3
    sound = Inotify.handle_event

    def broken(_reader: Inotify, _event: object) -> None:
        Inotify.handle_event = sound  # type: ignore[method-assign]
        raise RuntimeError("broken on purpose")

    def break_it(_number: int, _frame: object) -> None:
        Inotify.handle_event = broken  # type: ignore[method-assign, assignment]
        os.write(2, b'{"event": "the next event is an error"}\n')  # the logger may be in the middle of a line

    signal.signal(signal.SIGUSR1, break_it)
    return cheap_service.main()
