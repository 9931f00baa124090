"""`setup`: from a folder of videos to a running service, one question after the other."""

from __future__ import annotations

import argparse
import importlib.util
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path

from sorterd.commands.called import program
from sorterd.commands.context import configured, print_json
from sorterd.commands.failure import FAILED, MISUSED, CommandFailed, WrongUsage
from sorterd.commands.first_look import first_look
from sorterd.commands.program_files import how_to_add
from sorterd.commands.questions import NoAnswerGiven, at_terminal, confirmed
from sorterd.commands.sentences import say
from sorterd.commands.service import (
    install_and_start,
    own_home,
    refuse_for_another_user,
    refuse_if_of_another,
    service_of,
)
from sorterd.commands.setup_config import chosen_config, config_place
from sorterd.config import Config
from sorterd.daemon.app import RunOptions
from sorterd.service import desktop
from sorterd.service.install import installed_for
from sorterd.service.lock import holder
from sorterd.service.manager import state_of, why_no_manager
from sorterd.setup.contents import DOCUMENTED_SECONDS, Contents, contents_of, described
from sorterd.text import lasting


def setup(options: argparse.Namespace, run_options: RunOptions | None = None) -> int:
    """Write the config, look at the folder, show what would be moved, and start the service, as far as is wanted."""
    if options.json and not options.yes:
        raise WrongUsage("--json asks nothing: add --yes, and name the folder of your videos")
    if not (options.yes or at_terminal()):
        raise WrongUsage("setup asks questions, which takes a terminal; or type 'sorterd setup --yes FOLDER'")
    with _stoppable(), redirect_stdout(sys.stderr) if options.json else nullcontext():
        outcome = _setup(options, run_options or RunOptions())
    if options.json:
        print_json(asdict(outcome))
    return outcome.code


@dataclass(frozen=True, slots=True)
class _Step:
    """What became of the service: whether it `runs`, its file, and one sentence."""

    code: int
    runs: bool
    says: str
    file: str | None = None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What `--json` prints. `pid`: a service that ran before. `service`: None if it did not get that far."""

    code: int
    config: str
    videos: str | None = None
    contents: Contents | None = None
    pid: int | None = None
    service: _Step | None = None


def _setup(options: argparse.Namespace, run_options: RunOptions) -> _Outcome:
    explicit = options.name or options.config is not None
    file = chosen_config(options)
    if file is None:
        return _Outcome(MISUSED, str(config_place(options)))
    options.config, options.videos = file, None
    config = configured(options, quiet=True)
    refuse_for_another_user(config.videos)
    called = f"{program()} --config {shlex.quote(str(file))}" if explicit else program()
    contents = contents_of(config)
    for sentence in described(contents):
        say(sentence, called)
    pid = holder(config.state_dir)
    if pid is not None:
        say(f"sorterd is running on it already, as process {pid}; 'sorterd status' tells what it does.", called)
    elif not (contents.filed and contents.unsorted):
        _say_how_to_begin(contents, called)
    elif options.yes or confirmed(f"Look at some of them now? It moves nothing. {_duration(contents)}"):
        first_look(config, contents, run_options, called, ask=not options.yes)
    step = _service(config, file, options, called, runs_by_hand=pid is not None)
    if step.says:
        say(step.says, called)
    _offer_notifications(config)
    _say_three_things(called)
    return _Outcome(step.code, str(file), str(config.videos), contents, pid, step)


def _duration(contents: Contents) -> str:
    """Return how long all videos are likely to take, which is not measured yet."""
    seconds = DOCUMENTED_SECONDS * contents.videos
    return f"(All of them: {lasting(seconds)} on a usual computer; it is measured now.)"


def _say_how_to_begin(contents: Contents, called: str) -> None:
    if contents.filed:
        say("All of them are in folders, so there is nothing to show: it waits for new ones.")
    elif contents.videos:
        say(
            "It learns from folders: make a few, with names that say what is in them, and drag some videos into each. "
            "Three to five are a start, ten are good. Or file the first ones with keys: 'sorterd review --web'.",
            called,
        )


def _service(config: Config, file: Path, options: argparse.Namespace, called: str, *, runs_by_hand: bool) -> _Step:
    """Install and start the service if the user wants that."""
    by_hand = f"To run it by hand, until Ctrl-C: {called} run"
    if options.no_service:
        return _Step(0, runs_by_hand, by_hand)
    found = service_of(config, file, options.name)
    other = installed_for(sys.platform, own_home(), file)
    if other not in (None, found.path):  # two services for one library would fight for it
        return _Step(0, runs_by_hand, f"Its service is installed already, as {other}.", str(other))
    state = state_of(found.path) if found.path.exists() else None
    if state is not None and state.active == "active" and found.path.read_bytes() in (found.content, found.plain):
        return _Step(0, True, "The service is installed and runs.", str(found.path))
    if runs_by_hand and (state is None or state.active != "active"):
        again = "It was started by hand: end that, and type 'sorterd setup' again to have it start by itself."
        return _Step(FAILED, True, again)
    why = why_no_manager(sys.platform)
    if why:
        return _Step(FAILED, False, f"No service can be started: {why}. {by_hand}")
    if not (options.yes or confirmed("Start it now, and whenever you log in? It moves what it is sure of.")):
        return _Step(0, False, f"Nothing is started. {by_hand}")
    refuse_if_of_another(found, file)
    try:
        outcome = install_and_start(found, linger=True if options.yes else None)
    except KeyboardInterrupt:
        known = "'sorterd status' tells, and 'sorterd uninstall' ends it"
        raise KeyboardInterrupt(f"the service may run already: {known}") from None
    except OSError as error:
        raise CommandFailed(f"the service could not be installed: {found.path}: {error.strerror}") from error
    if outcome.running:
        return _Step(0, True, "", str(found.path))
    return _Step(FAILED, False, by_hand, str(found.path))


def _offer_notifications(config: Config) -> None:
    """Say how to be told on the desktop what was filed, if this desktop would show it and only the extra is missing."""
    if config.notify == "never" or sys.platform == "darwin" or not desktop.has_notifications(os.environ):
        return
    if importlib.util.find_spec("desktop_notifier") is None:
        say("To be told on your desktop, at most once an hour, what was filed and what needs you, type:")
        print(f"  {how_to_add(desktop.EXTRA, Path(sys.prefix))}")


def _say_three_things(called: str) -> None:
    print()
    say("Three things to know:")
    say("  1. Is a video in the wrong folder? Drag it into the right one: it learns from that within seconds.")
    say("  2. What it is not sure of waits for you: 'sorterd review --web'. What it does: 'sorterd status'.", called)
    say("  3. Every move can be taken back: 'sorterd undo'. To stop: 'sorterd pause', 'sorterd uninstall'.", called)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Say what has become of the work if the user ends it with Ctrl-C or Ctrl-D."""
    again = "To go on where this ended, type the same command again"
    try:
        yield
    except NoAnswerGiven:
        raise CommandFailed(f"stopped; nothing was moved. {again}") from None
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt(f"{str(error) or 'nothing was moved'}. {again}") from None
