"""`undo`, `retry`, `confirm`, `pause`, `resume`: asked of the running service, or done here when none runs."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

import structlog

from sorterd.activity import Activity, Fault
from sorterd.commands.called import call
from sorterd.commands.context import asking, named_file, print_json
from sorterd.commands.failure import FAILED, CommandFailed
from sorterd.config import Config
from sorterd.daemon.library import open_library
from sorterd.daemon.requests import RequestRefused, Requests
from sorterd.library.places import Place
from sorterd.service.control import NotRunning, ask
from sorterd.service.lock import StateLock
from sorterd.sorting.mover import MoveUnclear
from sorterd.text import as_called, counted, printable

ANSWER_SECONDS = 90.0


def undo(options: argparse.Namespace) -> int:
    """Take back one move, the last N, or all since a time."""
    config, root = asking(options)
    answer = _request(config, root, {"do": "undo", "id": options.id, "last": options.last, "since": options.since})
    if options.json:
        print_json(answer)
    else:
        for one in answer["undone"]:
            with_it = f", with {len(one['sidecars'])} of its sidecars" if one["sidecars"] else ""
            print(f"{printable(one['from'])} is back at {printable(one['to'])} (move {one['id']}){with_it}")
            for sidecar in one["left"]:
                print(f"{printable(sidecar['path'])} stays where it is: {printable(sidecar['reason'])}")
        for one in answer["refused"]:
            print(f"move {one['id']} was not undone: {printable(one['reason'])}")
        if not answer["undone"] and not answer["refused"]:
            print("There is no move to undo. One that you have confirmed is taken back by its number.")
    return FAILED if answer["refused"] or not answer["undone"] else 0


def retry(options: argparse.Namespace) -> int:
    """Try failed videos again."""
    config, root = asking(options)
    path = {"path": None} if options.path is None else asdict(named_file(options.path, config, root))
    answer = _request(config, root, {"do": "retry", **path})
    if options.json:
        print_json(answer)
    else:
        print(f"{counted(answer['retried'], 'failed video')} will be tried again.")
    return 0


def confirm(options: argparse.Namespace) -> int:
    """Accept one of our moves."""
    config, root = asking(options)
    answer = _request(config, root, {"do": "confirm", **asdict(named_file(options.path, config, root))})
    if options.json:
        print_json(answer)
    else:
        print(f"{printable(answer['path'])} now teaches what belongs into {printable(answer['category'])}.")
    return 0


def pause(options: argparse.Namespace) -> int:
    """Move nothing until `resume`."""
    answer = _request(*asking(options), {"do": "pause"})
    if options.json:
        print_json(answer)
    else:
        said = "Nothing is moved until 'sorterd resume'; it goes on looking, learning and suggesting."
        print(printable(as_called(said, call(options))))
    return 0


def resume(options: argparse.Namespace) -> int:
    """Let it move again."""
    answer = _request(*asking(options), {"do": "resume"})
    if options.json:
        print_json(answer)
    elif not answer["resumed"]:
        print("Moving was not paused.")
    else:
        print("It moves again" + (f"; {answer['undo']}." if answer["undo"] else "."))
    return 0


def _request(config: Config, root: Place, request: dict[str, Any]) -> dict[str, Any]:
    """Ask the service; without one, do it under the lock.

    Raise CommandFailed, NoAnswer, AlreadyRunning, StoreError or RootUnavailable.
    """
    try:
        answer = ask(config.state_dir, request, ANSWER_SECONDS)
    except NotRunning:
        answer = _do_here(config, root, request)
    if "refused" in answer and isinstance(answer["refused"], str):
        raise CommandFailed(answer["refused"])
    return answer


def _do_here(config: Config, root: Place, request: dict[str, Any]) -> dict[str, Any]:
    """What is asked for, done by this process; without the disk, all but to undo a move."""
    away = None if root.trouble is None else f"{root.path} {root.trouble}"
    if away is not None and request["do"] == "undo":
        raise CommandFailed(away)
    with StateLock(config.state_dir), open_library(config, _warn, disk_away=away is not None) as library:
        try:
            if away is None and request["do"] in ("undo", "confirm", "retry"):
                doubt = library.synchronize(watching=False).doubt
                if doubt is not None and request["do"] == "undo":
                    raise CommandFailed(doubt.reason)
            return Requests(library.store, library.mover, library.clock).handle(request)
        except (RequestRefused, MoveUnclear) as error:
            raise CommandFailed(str(error)) from error


def _warn(activity: Activity) -> None:
    """What a command says of how it found the library."""
    if isinstance(activity, Fault):
        about = {"path": activity.path} if activity.path else {}
        structlog.get_logger().warning(activity.reason, **about)
