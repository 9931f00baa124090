"""Everything that can be typed. A command is a section of the help, its name, its function, and an example."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sorterd import __version__
from sorterd.cli import values
from sorterd.cli.help import Parser

EVERY_DAY, UNDERSTAND, SET_UP, BY_HAND = "every day", "understand", "set up", "by hand"
WITHOUT_JSON = {"demo", "completion", "worker"}
SHELLS = ("bash", "zsh", "fish")
_SINCE = "all moves since then: 14:30 (the last time the clock showed it), or 2026-01-31T14:30"


def parser() -> Parser:
    """Return the parser of all commands."""
    top = Parser(prog="sorterd", description="Files saved videos into the folders you already have.")
    where = top.add_mutually_exclusive_group()
    where.add_argument("--config", type=Path, metavar="FILE", help="the config file (default: ./config.yaml)")
    where.add_argument(
        "--videos", type=values.folder, metavar="DIR", help="no config file: this folder, with default settings"
    )
    top.add_argument("--version", action="version", version=f"sorterd {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", dest="command_name", title="commands")
    table = _Table(top, commands)
    _every_day(table)
    _understand(table)
    _set_up(table)
    _by_hand(table)
    for name in top.commands.keys() - WITHOUT_JSON:
        top.commands[name].add_argument("--json", action="store_true", help="print one JSON document")
    return top


@dataclass(frozen=True, slots=True)
class _Table:
    """The commands so far, in the order of the help."""

    top: Parser
    commands: argparse._SubParsersAction[Parser]

    def add(self, section: str, name: str, function: str, help: str, example: str, more: str = "") -> Parser:
        """Add a command and return its parser. `function` is "module:function" in `sorterd/commands/`. `more` is what
        its own help says after the example."""
        description, told = (
            help[0].upper() + help[1:] + ".",
            f"example: sorterd {example}" + (f"\n\n{more}" if more else ""),
        )
        added = self.commands.add_parser(name, help=help, description=description, epilog=told)
        added.set_defaults(command=function, parser=self.top)
        added.example = example
        self.top.sections.setdefault(section, []).append(name)
        self.top.commands[name] = added
        return added


def _every_day(table: _Table) -> None:
    add = partial(table.add, EVERY_DAY)
    status = add("status", "status:status", "what it is doing", "status --watch")
    status.add_argument(
        "--verbose", action="store_true", help="each trouble in a line of its own, and how the last training did"
    )
    status.add_argument("--watch", action="store_true", help="show it again every two seconds, until Ctrl-C")

    review = add("review", "review:review", "the undecided videos, least certain first", "review --web")
    review.add_argument("--web", action="store_true", help="decide on them in a browser")
    review.add_argument(
        "--port", type=values.port, metavar="N", help="with --web: at this port (default: any free one)"
    )
    review.add_argument("--no-open", action="store_true", help="with --web: print the address, open no browser")
    review.add_argument(
        "--while-used", action="store_true", help="with --web: end when no browser has asked for an hour"
    )

    what = "file videos into a folder yourself, as if you had dragged them"
    file = add("file", "requests:file", what, "file --new cat1.mp4 cat2.mp4 cats")
    file.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a video")
    file.add_argument("folder", metavar="FOLDER", help="the name of a category")
    file.add_argument("--new", action="store_true", help="make the folder if there is none of that name")

    what = "groups of alike videos in the inbox that have no folder; make one of them"
    suggest = add("suggest", "suggest:suggest", what, "suggest --make pottery 3f2a9c")
    suggest.add_argument("group", nargs="?", metavar="GROUP", help="only this group, with all its videos")
    suggest.add_argument("--make", metavar="FOLDER", help="make this folder and file the videos of GROUP into it")
    suggest.add_argument("--dry-run", action="store_true", help="with --make: say what would be filed, move nothing")
    suggest.add_argument("--limit", type=values.count, metavar="N", help="at most N groups (default 10)")

    what = "accept where videos were moved, so that they teach"
    confirm = add("confirm", "requests:confirm", what, "confirm cats/")
    which = confirm.add_mutually_exclusive_group(required=True)
    which.add_argument("paths", nargs="*", type=Path, default=[], metavar="PATH", help="a video, or a whole folder")
    which.add_argument("--all", action="store_true", help="every video that it has moved")

    undo = add("undo", "requests:undo", "take moves back", "undo --last 5")
    which = undo.add_mutually_exclusive_group()
    which.add_argument(
        "ids", nargs="*", type=values.moves, default=[], metavar="ID", help="the numbers of moves, such as 7 or 12-25"
    )
    which.add_argument("--last", type=values.count, metavar="N", help="the last N moves (default 1)")
    which.add_argument("--since", type=values.time, metavar="TIME", help=_SINCE)
    which.add_argument("--choose", action="store_true", help="choose from a list of the last moves")
    undo.add_argument("--dry-run", action="store_true", help="say what would be taken back, move nothing")
    undo.add_argument("--yes", action="store_true", help="do not ask, however many they are")

    what = "the last moves, with the numbers that 'undo' takes"
    log = add("log", "log:log", what, "log --folder cats --since 2026-01-31")
    log.add_argument("--last", type=values.count, metavar="N", help="the last N moves (default 20)")
    log.add_argument("--since", type=values.time, metavar="TIME", help=_SINCE)
    log.add_argument("--folder", metavar="FOLDER", help="only into or out of this folder")
    log.add_argument("--by", choices=["sorterd", "you"], help="only what sorterd decided, or what you filed by command")

    what = "move nothing until 'resume'; go on looking, learning, suggesting"
    add("pause", "requests:pause", what, "pause")
    add("resume", "requests:resume", "let it move again", "resume")


def _understand(table: _Table) -> None:
    add = partial(table.add, UNDERSTAND)
    what = "videos by words, by meaning, by likeness"
    dashed = "words that begin with a dash come after two dashes: sorterd find -- -5°C"
    find = add("find", "find:find", what, 'find "pasta with lemon"', dashed)
    find.add_argument("words", nargs="*", metavar="WORDS", help="what was said, written or shown")
    find.add_argument("--like", type=Path, metavar="PATH", help="what is like this video")
    find.add_argument("--misfiled", action="store_true", help="what you filed and may lie in the wrong folder")
    find.add_argument("--duplicates", action="store_true", help="what is there more than once, also in other files")
    find.add_argument("--exact", action="store_true", help="only by the words themselves, at once and without models")
    find.add_argument("--folder", metavar="FOLDER", help="only in this folder")
    find.add_argument("--since", type=values.time, metavar="TIME", help="only what came or was filed since then")
    find.add_argument("--limit", type=values.count, metavar="N", help="at most N videos (default 10)")
    find.add_argument("--open", action="store_true", help="play the first one")

    explain = add("explain", "insight:explain", "why a video was or was not moved", "explain new.mp4")
    explain.add_argument("path", type=Path)
    explain.add_argument("--verbose", action="store_true", help="also the numbers that the confidence is made of")
    explain.add_argument("--caption", action="store_true", help="also what the video says about itself")
    add("evaluate", "insight:evaluate", "how well it does on your own library", "evaluate")
    report = add("report", "report:report", "write all of that as one page for a browser", "report --open")
    report.add_argument("--output", type=Path, metavar="PATH", help="a file or folder (default: in the state folder)")
    report.add_argument("--captions", action="store_true", help="also show what the videos say about themselves")
    report.add_argument("--open", action="store_true", help="open it in the browser")
    add("doctor", "doctor:doctor", "find out why something does not work", "doctor")


def _set_up(table: _Table) -> None:
    add = partial(table.add, SET_UP)
    what = "from a folder of videos to a running service, step by step"
    setup = add("setup", "setup:setup", what, "setup ~/Videos/TikTok")
    setup.add_argument("folder", nargs="?", type=values.folder, metavar="FOLDER", help="default: it looks and asks")
    setup.add_argument("--yes", action="store_true", help="ask nothing: write the config, look, start the service")
    setup.add_argument("--no-service", action="store_true", help="do all but start the service")
    setup.add_argument("--name", type=values.name, help="for a second library: the service becomes sorterd@NAME")

    what = "take back what 'setup' did: stop and remove the service; it says what stays"
    uninstall = add("uninstall", "uninstall:uninstall", what, "uninstall")
    uninstall.add_argument("--state", action="store_true", help="also remove what it has learned, after asking")
    uninstall.add_argument("--yes", action="store_true", help="do not ask")
    uninstall.add_argument("--name", type=values.name, help="of a second library: the service sorterd@NAME")

    demo = add("demo", "demo:demo", "sort a sample library before your eyes", "demo")
    demo.add_argument("folder", nargs="?", type=Path, default=Path("demo-library"), help="default: ./demo-library")

    what = "watch the folder and sort, until Ctrl-C"
    run = add("run", "run:run", what, "--videos ~/Videos/TikTok run --once --dry-run")
    run.add_argument("--once", action="store_true", help="sort what is there, then exit")
    run.add_argument("--dry-run", action="store_true", help="decide and report, move nothing")
    run.add_argument("--accept-missing", action="store_true", help="believe that missing videos are really gone")
    run.add_argument("--log-file", type=Path, metavar="FILE", help="log to FILE, and keep it short")

    service = add("service", "service:service", "have it start by itself", "service install")
    service.add_argument("action", choices=["install", "uninstall", "show"])
    service.add_argument("--name", type=values.name, help="for a second library: the service becomes sorterd@NAME")

    config = add("config", "config:config", "check, show or edit the config", "config show")
    config.add_argument(
        "action",
        choices=["check", "show", "edit", "schema"],
        help="check: whether it is valid; show: each setting and where it comes from; edit: in your editor; "
        "schema: a JSON schema for editors",
    )
    models = add("models", "models:fetch", "look after the models", "models fetch")
    models.add_argument("action", choices=["fetch"], help="fetch what is missing, so that the service need not")

    what = "let the shell complete commands, options and files"
    completion = add("completion", "completion:completion", what, "completion bash", _COMPLETION)
    completion.add_argument("shell", choices=SHELLS, help="print the script for this shell")

    _other_machines(add)


def _other_machines(add: Callable[..., Parser]) -> None:
    what = "let other machines help to look at the videos"
    pool = add("pool", "pool:pool", what, "pool invite gaming-pc")
    pool.add_argument(
        "action",
        choices=["init", "invite", "revoke"],
        help="init: once; invite: write a file to copy to another machine; revoke: accept that machine no longer",
    )
    pool.add_argument("name", nargs="?", metavar="NAME", help="of the machine, as you like")
    pool.add_argument(
        "--address", type=values.address, metavar="ADDRESS", help="where it finds this computer (default: by its name)"
    )
    pool.add_argument(
        "--days", type=values.count, default=365, metavar="N", help="how long the invitation is valid (default 365)"
    )
    pool.add_argument("--output", type=Path, metavar="FILE", help="the file to write (default: NAME.invitation)")

    what = "look at the videos of another computer, which has invited this one"
    worker = add("worker", "worker:worker", what, "worker --invitation gaming-pc.invitation")
    worker.add_argument(
        "address", nargs="?", type=values.address, metavar="ADDRESS", help="default: as the invitation says"
    )
    worker.add_argument("--invitation", type=Path, required=True, metavar="FILE", help="what 'pool invite' has written")
    worker.add_argument(
        "--videos", type=values.folder, dest="videos_here", metavar="DIR", help="that folder of videos, if it is shared"
    )
    worker.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto", help="as features.device")
    worker.add_argument("--state", type=Path, metavar="DIR", help="for its own files (default: in the state folder)")


_COMPLETION = """where the script belongs:
  bash  sorterd completion bash > ~/.local/share/bash-completion/completions/sorterd
  zsh   sorterd completion zsh > ~/.zfunc/_sorterd     (with fpath+=~/.zfunc before compinit in ~/.zshrc)
  fish  sorterd completion fish > ~/.config/fish/completions/sorterd.fish"""


def _by_hand(table: _Table) -> None:
    add = partial(table.add, BY_HAND)
    add("extract", "stages:extract", "extract the features of all videos that have none", "extract")
    add("train", "stages:train", "train the classifier on what you have filed", "train")
    predict = add("predict", "stages:predict", "say where the inbox videos belong", "predict --top-k 5")
    predict.add_argument("--move", action="store_true", help="also move those that are sure enough")
    predict.add_argument("--threshold", type=values.share, metavar="T", help="how sure is sure enough, 0 to 1")
    predict.add_argument(
        "--top-k", type=values.count, default=3, metavar="K", help="how many folders to name (default 3)"
    )
    retry = add("retry", "requests:retry", "try failed videos again", "retry odd.mp4")
    retry.add_argument("path", nargs="?", type=Path, help="one video (default: all)")
