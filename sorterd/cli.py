"""The command line: the commands, their options, and the function for each.

Exit codes: 0 done, 1 failed, 2 wrong usage or config, 130 interrupted. `--json` prints one JSON document on stdout.
Logs go to stderr. Each command lives in `sorterd/commands/` and is imported only when it is called.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from sorterd import __version__
from sorterd.text import printable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a name that the terminal cannot show must not end the program
            stream.reconfigure(errors="backslashreplace")
    options = parser().parse_args(arguments)
    module, _, function = options.command.partition(":")
    try:
        from sorterd.commands.called import call
        from sorterd.commands.failure import explained  # imported in the try: it takes long enough to be interrupted

        with explained(call(options)) as outcome:
            outcome.code = getattr(import_module(f"sorterd.commands.{module}"), function)(options)
    except KeyboardInterrupt:
        print("sorterd: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    return outcome.code


class _Parser(argparse.ArgumentParser):
    """Makes error messages printable, because the arguments may be file names that the shell inserted."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top: argparse.ArgumentParser = _Parser(
        prog="sorterd", description="Files saved videos into the folders you already have."
    )
    where = top.add_mutually_exclusive_group()
    where.add_argument("--config", type=Path, metavar="FILE", help="the config file (default: ./config.yaml)")
    where.add_argument(
        "--videos", type=_folder, metavar="DIR", help="no config file: this folder, with default settings"
    )
    top.add_argument("--version", action="version", version=f"sorterd {__version__}")
    commands: argparse._SubParsersAction[argparse.ArgumentParser] = top.add_subparsers(required=True, metavar="COMMAND")

    run = _add(commands, "run", "run:run", "watch the folder and sort, until Ctrl-C")
    run.add_argument("--once", action="store_true", help="sort what is there, then exit")
    run.add_argument("--dry-run", action="store_true", help="decide and report, move nothing")
    run.add_argument("--accept-missing", action="store_true", help="believe that missing videos are really gone")
    run.add_argument("--log-file", type=Path, metavar="FILE", help="log to FILE, and keep it short")
    _json(run)

    _json(_add(commands, "extract", "stages:extract", "extract the features of all videos that have none"))
    _json(_add(commands, "train", "stages:train", "train the classifier on what you have filed"))
    predict = _add(commands, "predict", "stages:predict", "say where the inbox videos belong")
    predict.add_argument("--move", action="store_true", help="also move those that are sure enough")
    predict.add_argument("--threshold", type=_share, metavar="T", help="how sure is sure enough, 0 to 1")
    predict.add_argument("--top-k", type=_count, default=3, metavar="K", help="how many folders to name (default 3)")
    _json(predict)

    status = _add(commands, "status", "status:status", "what it is doing")
    status.add_argument("--verbose", action="store_true", help="each trouble in a line of its own")
    status.add_argument("--watch", action="store_true", help="show it again every two seconds, until Ctrl-C")
    _json(status)
    review = _add(commands, "review", "review:review", "the undecided videos, least certain first")
    review.add_argument("--web", action="store_true", help="decide on them in a browser")
    review.add_argument("--port", type=_port, metavar="N", help="with --web: at this port (default: any free one)")
    review.add_argument("--no-open", action="store_true", help="with --web: print the address, open no browser")
    _json(review)
    log = _add(commands, "log", "log:log", "the last moves, with the numbers that 'undo' takes")
    log.add_argument("--last", type=_count, metavar="N", help="the last N moves (default 20)")
    log.add_argument("--since", type=_time, metavar="TIME", help="all moves since then: 14:30, or 2026-01-31T14:30")
    log.add_argument("--folder", metavar="FOLDER", help="only into or out of this folder")
    log.add_argument("--by", choices=["sorterd", "you"], help="only what sorterd decided, or what you filed by command")
    _json(log)
    undo = _add(commands, "undo", "requests:undo", "take moves back")
    which = undo.add_mutually_exclusive_group()
    which.add_argument("id", nargs="?", type=_count, metavar="ID", help="the number of one move")
    which.add_argument("--last", type=_count, metavar="N", help="the last N moves (default 1)")
    which.add_argument("--since", type=_time, metavar="TIME", help="all moves since then: 14:30, or 2026-01-31T14:30")
    which.add_argument("--choose", action="store_true", help="choose from a list of the last moves")
    undo.add_argument("--dry-run", action="store_true", help="say what would be taken back, move nothing")
    _json(undo)
    retry = _add(commands, "retry", "requests:retry", "try failed videos again")
    retry.add_argument("path", nargs="?", type=Path, help="one video (default: all)")
    _json(retry)
    file = _add(commands, "file", "requests:file", "file videos into a folder yourself, as if you had dragged them")
    file.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a video")
    file.add_argument("folder", metavar="FOLDER", help="the name of a category")
    file.add_argument("--new", action="store_true", help="make the folder if there is none of that name")
    _json(file)
    confirm = _add(commands, "confirm", "requests:confirm", "accept where videos were moved, so that they teach")
    which = confirm.add_mutually_exclusive_group(required=True)
    which.add_argument("paths", nargs="*", type=Path, default=[], metavar="PATH", help="a video, or a whole folder")
    which.add_argument("--all", action="store_true", help="every video that it has moved")
    _json(confirm)

    _json(_add(commands, "pause", "requests:pause", "move nothing until 'resume'; go on looking, learning, suggesting"))
    _json(_add(commands, "resume", "requests:resume", "let it move again"))

    explain = _add(commands, "explain", "insight:explain", "why a video was or was not moved")
    explain.add_argument("path", type=Path)
    explain.add_argument("--verbose", action="store_true", help="also the numbers that the confidence is made of")
    _json(explain)
    _json(_add(commands, "evaluate", "insight:evaluate", "how well it does on your own library"))

    report = _add(commands, "report", "report:report", "write all of that as one page for a browser")
    report.add_argument("--output", type=Path, metavar="PATH", help="a file or folder (default: in the state folder)")
    _json(report)

    _json(_add(commands, "doctor", "doctor:doctor", "find out why something does not work"))
    config = _add(commands, "config", "config:config", "check, show or edit the config")
    config.add_argument(
        "action",
        choices=["check", "show", "edit", "schema"],
        help="check: whether it is valid; show: each setting and where it comes from; edit: in your editor; "
        "schema: a JSON schema for editors",
    )
    _json(config)
    models = _add(commands, "models", "models:fetch", "look after the models")
    models.add_argument("action", choices=["fetch"], help="fetch what is missing, so that the service need not")
    _json(models)
    demo = _add(commands, "demo", "demo:demo", "sort a sample library before your eyes")
    demo.add_argument("folder", nargs="?", type=Path, default=Path("demo-library"), help="default: ./demo-library")
    service = _add(commands, "service", "service:service", "have it start by itself")
    service.add_argument("action", choices=["install", "uninstall", "show"])
    service.add_argument("--name", type=_name, help="for a second library: the service becomes sorterd@NAME")
    _json(service)
    return top


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, command: str, help: str
) -> argparse.ArgumentParser:
    added = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    added.set_defaults(command=command)
    return added


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON document")


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        hint = f"; did you mean {value / 100:g}?" if 1 < value <= 100 else ""
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1{hint}")
    return value


def _folder(text: str) -> Path:
    if not text:  # an unset variable in a script must not mean the current folder
        raise argparse.ArgumentTypeError("this is no folder")
    return Path(text)


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not made of letters, digits, - and _ alone")
    return text


def _time(text: str) -> float:
    """Return a time of today, a date, or both, as seconds since the epoch."""
    try:
        today = "" if "-" in text or ":" not in text else f"{datetime.now():%Y-%m-%d}T"
        return datetime.fromisoformat(today + text).timestamp()
    except (ValueError, OverflowError, OSError):  # the latter two if the year is out of range
        raise argparse.ArgumentTypeError(f"{text} is not a time; write 14:30 or 2026-01-31T14:30") from None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text} is not a port: a whole number from 1 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of at least 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
