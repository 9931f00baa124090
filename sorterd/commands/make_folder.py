"""`suggest --make`: make a folder of a group that was shown. It files exactly the videos that were shown."""

from __future__ import annotations

import argparse
from typing import Any

from sorterd.artifact_names import artifacts_folder
from sorterd.commands.called import call
from sorterd.commands.carry_out import carry_out
from sorterd.commands.context import batched, named_folder, print_json
from sorterd.commands.failure import FAILED, CommandFailed
from sorterd.commands.requests import AT_ONCE, print_filed
from sorterd.config import Config
from sorterd.library.places import Place
from sorterd.suggest.shown import recall
from sorterd.text import counted, printable


def make_folder(options: argparse.Namespace, config: Config, root: Place) -> int:
    """Make the folder and file the videos, or say what that would do. Videos that have left the inbox are skipped."""
    if root.trouble is not None:
        raise CommandFailed(f"{root.path} {root.trouble}")
    videos = recall(artifacts_folder(config.state_dir), options.group)
    if videos is None:
        raise CommandFailed(f"no group {printable(options.group)} was shown; 'sorterd suggest' lists the groups")
    request = {"do": "file_waiting", "folder": named_folder(options.make, config, root), "plan": options.dry_run}
    done = "would_file" if options.dry_run else "filed"
    answer: dict[str, Any] = {done: [], "refused": [], "elsewhere": []}
    try:
        for part in batched(list(videos), AT_ONCE):
            found = carry_out(config, root, {**request, "videos": part})
            answer = {key: [*answer[key], *found[key]] for key in answer}
    finally:  # what was filed is reported even if the service then ends
        if options.json and any(answer.values()):
            print_json(answer)
        elif not options.json:
            _print(answer, videos, call(options))
    return FAILED if answer["refused"] or not answer[done] else 0


def _print(answer: dict[str, Any], videos: dict[str, str], called: str) -> None:
    for one in answer.get("would_file", ()):
        print(f"{printable(one['from'])} would be filed into {printable(one['folder'])}")
    print_filed({"filed": answer.get("filed", ()), "refused": answer["refused"]})
    for one in answer["elsewhere"]:
        print(f"{videos[one['video']]} was skipped: {_why(one)}")
    moves = [one["id"] for one in answer.get("filed", ())]
    if moves:
        print(f"{counted(len(moves), 'video')} filed. To take that back: {called} undo {' '.join(ranges(moves))}")


def _why(skipped: dict[str, Any]) -> str:
    folders = [path for path in skipped["paths"] if "/" in path]
    if not folders:
        return "it is not in the inbox any more"
    where = ", ".join(map(printable, folders))
    if len(folders) < len(skipped["paths"]):
        return f"a copy of it is in a folder: {where}"
    return f"it is not in the inbox any more; it is {where} now"


def ranges(numbers: list[int]) -> list[str]:
    """Return the numbers as few ranges, such as 3 and 7-9, without any other number in them."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in found]
