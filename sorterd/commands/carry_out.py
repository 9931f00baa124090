"""Have a request carried out: by the running service, or by this process when none runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Any

from sorterd.activity import Activity, Fault
from sorterd.commands.failure import CommandFailed
from sorterd.commands.library import refuse_state_of_another
from sorterd.config import Config
from sorterd.daemon.library import open_library
from sorterd.daemon.requests import MOVES, SYNC_FIRST, RequestRefused, Requests
from sorterd.library.places import Place
from sorterd.log import get_logger
from sorterd.report.console import spinner
from sorterd.service.control import NotRunning, ask
from sorterd.service.lock import StateLock
from sorterd.sorting.mover import MoveUnclear

ANSWER_SECONDS = 90.0
SETTLE_SECONDS = 15.0  # at most, that a command waits for a video that has just come
LOOK_SECONDS = 0.5  # between two looks at it


def carry_out(
    config: Config,
    root: Place,
    request: dict[str, Any],
    *,
    settling: Collection[str] = (),
    seconds: float = ANSWER_SECONDS,
) -> dict[str, Any]:
    """Ask the service, and wait that long for its answer. If none runs, do it here under the lock.

    Files at the paths `settling` that have just come are waited for until they are known, for a few seconds. Raise
    CommandFailed, NoAnswer, AlreadyRunning, StoreError or RootUnavailable.
    """
    refuse_state_of_another(config, root)
    try:
        if settling:
            seen = {"do": "look", "paths": list(settling)}
            # A service of an earlier version answers that it does not know this request.
            _wait_while(lambda: bool(ask(config.state_dir, seen, seconds).get("settling")), config)
        answer = ask(config.state_dir, request, seconds)
    except NotRunning:
        answer = _do_here(config, root, request, settling)
    if "refused" in answer and isinstance(answer["refused"], str):
        raise CommandFailed(answer["refused"])
    return answer


def _do_here(config: Config, root: Place, request: dict[str, Any], settling: Collection[str]) -> dict[str, Any]:
    """Do what is asked for in this process. Without the disk nothing can be moved."""
    away = None if root.trouble is None else f"{root.path} {root.trouble}"
    if away is not None and request["do"] in MOVES:
        raise CommandFailed(away)
    with StateLock(config.state_dir), open_library(config, _warn, disk_away=away is not None) as library:
        try:
            if away is None and request["do"] in SYNC_FIRST:
                seen = library.synchronize(watching=False)
                while seen.unread_files and (request["do"] == "file" or seen.unsettled(library.store, settling)):
                    seen = library.synchronize(watching=False)  # a library that was never looked at before

                def waits() -> bool:
                    nonlocal seen
                    growing = bool(seen.unsettled(library.store, settling))
                    seen = library.synchronize(watching=False) if growing else seen
                    return growing

                _wait_while(waits, config)
                if seen.doubt is not None and request["do"] in MOVES:
                    raise CommandFailed(seen.doubt.reason)
            return Requests(library.store, library.mover, library.clock).handle(request)
        except (RequestRefused, MoveUnclear) as error:
            raise CommandFailed(str(error)) from error


def _wait_while(waits: Callable[[], bool], config: Config) -> None:
    """Wait for as long as a file needs to settle, but not for ever: somebody may be writing to it."""
    if not waits():
        return
    until = time.monotonic() + min(config.watch.settle_seconds + 2 * LOOK_SECONDS, SETTLE_SECONDS)
    with spinner("Waiting for what has just come"):
        while waits() and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)


def _warn(activity: Activity) -> None:
    """What a command says of how it found the library."""
    if isinstance(activity, Fault):
        about = {"path": activity.path} if activity.path else {}
        get_logger().warning(activity.reason, **about)
