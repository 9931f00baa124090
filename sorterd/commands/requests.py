"""`file`, `undo`, `retry`, `confirm`, `pause`, `resume`: asked of the running service, or done here when none runs."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from sorterd.commands.called import call
from sorterd.commands.carry_out import carry_out
from sorterd.commands.choosing import choose_moves, numbers_in
from sorterd.commands.context import asking, batched, known, named_file, named_files, named_folder, print_json
from sorterd.commands.failure import FAILED, CommandFailed
from sorterd.commands.look import look
from sorterd.commands.questions import agreed
from sorterd.config import Config
from sorterd.text import as_called, counted, printable

_UNDO_MANY = "This takes back {number} moves. sorterd will not put those videos into those folders again."
AT_ONCE = 20  # paths in one request: a service has a minute for it, and a request at most 64 KiB


def file(options: argparse.Namespace) -> int:
    """File videos into a folder."""
    config, root = asking(options)
    if root.trouble is not None:
        raise CommandFailed(f"{root.path} {root.trouble}")
    request = {"do": "file", "folder": named_folder(options.folder, config, root), "new": options.new}
    named = named_files(options.paths, config, root)
    answer: dict[str, Any] = {"filed": [], "refused": []}
    try:
        for part in batched(named, AT_ONCE):
            paths, there = [one.path for one in part], [one.path for one in part if one.there]
            found = carry_out(config, root, {**request, "paths": paths}, settling=there)
            answer["filed"] += found["filed"]
            answer["refused"] += found["refused"]
    finally:  # what was filed is reported even if the service then ends
        if options.json and (answer["filed"] or answer["refused"]):
            print_json(answer)
        elif not options.json:
            print_filed(answer)
    return FAILED if answer["refused"] else 0


def print_filed(answer: dict[str, Any]) -> None:
    """Print what was filed and what was not, and why."""
    for one in answer["filed"]:
        print(f"{printable(one['from'])} is now {printable(one['to'])} (move {one['id']}){_with_sidecars(one)}")
        _print_left(one)
    for one in answer["refused"]:
        print(f"{printable(one['path'])} was not filed: {printable(one['reason'])}")


def _with_sidecars(moved: dict[str, Any]) -> str:
    return f", with {len(moved['sidecars'])} of its sidecars" if moved["sidecars"] else ""


def _print_left(moved: dict[str, Any]) -> None:
    for sidecar in moved["left"]:
        print(f"{printable(sidecar['path'])} stays where it is: {printable(sidecar['reason'])}")


def undo(options: argparse.Namespace) -> int:
    """Take back some moves by number, the last N, all since a time, or those that are chosen from a list."""
    config, root = asking(options)
    what = {"do": "plan_undo" if options.dry_run else "undo"}
    wanted: list[dict[str, Any]] = [{**what, "last": options.last, "since": options.since}]
    if options.ids:
        wanted = [{**what, "id": number} for number in numbers_in(options.ids, config)]
    if options.choose:
        look(config, root)
        wanted = [{**what, "id": number} for number in choose_moves(config)]
    elif not options.dry_run:
        number = len(wanted) if options.ids else _able(config, options.last, options.since)
        if not agreed(_UNDO_MANY.format(number=f"{number:,}"), number, yes=options.yes, quiet=options.json):
            return FAILED
    if options.dry_run and len(wanted) > 1:  # a folder may go when the last of its videos has gone
        wanted[-1]["after"] = [one["id"] for one in wanted[:-1]]
    done = "would_undo" if options.dry_run else "undone"
    answer: dict[str, Any] = {done: [], "refused": [], "folders_removed": []}
    for request in wanted:
        found = carry_out(config, root, request)
        answer = {key: [*answer[key], *found.get(key, ())] for key in answer}
    answer["folders_removed"] = sorted(set(answer["folders_removed"]))
    if options.json:
        print_json(answer)
    else:
        _print_undone(answer, "would go back to" if options.dry_run else "is back at")
        if not answer[done] and not answer["refused"] and not options.choose:
            print("There is no move to undo. One that you have confirmed is taken back by its number.")
    nothing = not answer[done] and not options.choose
    return FAILED if answer["refused"] or nothing else 0


def _able(config: Config, last: int | None, since: float | None) -> int:
    """Return how many of the last moves, or of those since a time, can be undone. One alone needs no question."""
    if last is None and since is None:
        return 1
    with known(config) as store:
        return len(store.journal.latest(-1 if last is None else last, since=since or 0.0))


def _print_undone(answer: dict[str, Any], verb: str) -> None:
    for one in answer.get("undone", []) + answer.get("would_undo", []):
        print(f"{printable(one['from'])} {verb} {printable(one['to'])} (move {one['id']}){_with_sidecars(one)}")
        _print_left(one)
    for name in answer["folders_removed"]:
        removed = (
            "would be removed: sorterd had made it, and it would be"
            if "would" in verb
            else "is removed: sorterd had made it, and it is"
        )
        print(f"The folder {printable(name)} {removed} empty.")
    for one in answer["refused"]:
        print(f"move {one['id']} was not undone: {printable(one['reason'])}")


def retry(options: argparse.Namespace) -> int:
    """Try failed videos again."""
    config, root = asking(options)
    path = {"path": None} if options.path is None else asdict(named_file(options.path, config, root))
    answer = carry_out(config, root, {"do": "retry", **path})
    return _say(f"{counted(answer['retried'], 'failed video')} will be tried again.", answer, options)


def confirm(options: argparse.Namespace) -> int:
    """Accept moves of ours: of one video, of several, of whole folders, or all."""
    config, root = asking(options)
    answer: dict[str, Any] = {"confirmed": [], "refused": []}
    if options.all:
        answer = carry_out(config, root, {"do": "confirm", "all": True})
    for part in batched(named_files(options.paths, config, root), AT_ONCE):
        paths, there = [one.path for one in part], [one.there for one in part]
        request = {"do": "confirm", "paths": paths, "there": there}
        found = carry_out(config, root, request, settling=[one.path for one in part if one.there])
        answer = {key: [*answer[key], *found[key]] for key in answer}
    if len(options.paths) == 1 and answer["refused"]:
        raise CommandFailed(answer["refused"][0]["reason"])
    if len(options.paths) == len(answer["confirmed"]) == 1:
        answer.update(answer["confirmed"][0])
    if options.json:
        print_json(answer)
        return FAILED if answer["refused"] else 0
    for one in answer["confirmed"]:
        print(f"{printable(one['path'])} now teaches what belongs into {printable(one['category'])}.")
    for one in answer["refused"]:
        print(f"{printable(one['path'])} was not confirmed: {printable(one['reason'])}")
    if options.all and not answer["confirmed"]:
        print("There is no move to confirm.")
    return FAILED if answer["refused"] else 0


def pause(options: argparse.Namespace) -> int:
    """Move nothing until `resume`."""
    answer = carry_out(*asking(options), {"do": "pause"})
    return _say(
        "Nothing is moved until 'sorterd resume'; it goes on looking, learning and suggesting.", answer, options
    )


def resume(options: argparse.Namespace) -> int:
    """Let it move again."""
    answer = carry_out(*asking(options), {"do": "resume"})
    moves = "It moves again" + (f"; {answer['undo']}." if answer["undo"] else ".")
    return _say(moves if answer["resumed"] else "Moving was not paused.", answer, options)


def _say(sentence: str, answer: dict[str, Any], options: argparse.Namespace) -> int:
    if options.json:
        print_json(answer)
    else:
        print(printable(as_called(sentence, call(options))))
    return 0
