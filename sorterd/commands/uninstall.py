"""`uninstall`: take back what `setup` did, and say what stays."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext, redirect_stdout
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sorterd.commands.context import known, print_json
from sorterd.commands.failure import FAILED, CommandFailed, WrongUsage
from sorterd.commands.library import found_state, named
from sorterd.commands.program_files import how_to_remove
from sorterd.commands.questions import NoAnswerGiven, at_terminal, confirmed
from sorterd.commands.sentences import say
from sorterd.commands.service import own_home
from sorterd.commands.setup_config import config_place
from sorterd.config import Config, ConfigError
from sorterd.library.places import look_at
from sorterd.service.install import installed_for, kept_backups
from sorterd.service.lock import StateLock, holder
from sorterd.service.manager import is_system, lingers, user_name
from sorterd.service.start import forget, stop
from sorterd.store.database import StoreError
from sorterd.store.homes import holds_state, noted_videos
from sorterd.store.removal import remove_state, size_of
from sorterd.text import counted


def uninstall(options: argparse.Namespace) -> int:
    """Stop and remove the service, with `--state` also what sorterd knows, and print what stays."""
    file = None if options.videos is not None else config_place(options)
    if file is not None:
        options.config = file
    if options.state and options.json and not options.yes:
        raise WrongUsage("--json asks nothing, and --state removes what cannot be made again: add --yes")
    if options.state and not (options.yes or at_terminal()):
        raise WrongUsage("--state asks before it removes anything, which takes a terminal; or add --yes")
    with redirect_stdout(sys.stderr) if options.json else nullcontext():
        removed = _uninstall(options, file)
    if options.json:
        print_json(asdict(removed))
    return removed.code


@dataclass(slots=True)
class _Removed:
    """What `--json` prints: the services' files that are gone, whether the state is, the process that still runs, and
    what stays, one sentence each."""

    code: int = 0
    services: list[str] = field(default_factory=list)
    state: bool = False
    pid: int | None = None
    stays: list[str] = field(default_factory=list)


def _uninstall(options: argparse.Namespace, file: Path | None) -> _Removed:
    removed = _Removed()
    config = _library(options, needed=options.state)
    stopped = file is None or _remove_services(file, config, removed)
    removed.pid = None if config is None else holder(config.state_dir)
    if removed.pid is not None and options.state:
        raise CommandFailed(f"sorterd still runs, as process {removed.pid}: end it, and type this again")
    if removed.pid is not None:
        by_hand = ", so it was started by hand. End it too" if stopped else ""
        say(f"sorterd still runs, as process {removed.pid}{by_hand}.")
        stopped = False
    if options.state and config is not None:
        removed.state = _remove_state(config, ask=not options.yes)
    removed.stays = list(_what_stays(config, file))
    say("These stay:")
    for line in removed.stays:
        say(f"  - {line}")
    removed.code = 0 if stopped else FAILED
    return removed


def _library(options: argparse.Namespace, *, needed: bool) -> Config | None:
    """Return the config with the library's state folder. Without a valid config, return None or raise ConfigError."""
    try:
        return found_state(named(options))[0]
    except ConfigError:
        if needed:
            raise
        return None


def _remove_services(file: Path, config: Config | None, removed: _Removed) -> bool:
    """Stop and remove each service for a config, whatever it is called. Return whether none is left."""
    path = installed_for(sys.platform, own_home(), file)
    if path is None:
        say(f"No service is installed for {file}.")
    stopped = True
    while path is not None:
        stopped &= _remove_service(path, config)
        removed.services += [] if path.exists() else [str(path)]
        path = None if path.exists() else installed_for(sys.platform, own_home(), file)
    return stopped


def _remove_service(path: Path, config: Config | None) -> bool:
    """Stop and remove a service. Return whether it is gone."""
    if is_system(path):
        say(f"{path} is a service of the whole system. An administrator removes it:")
        say(f"  sudo systemctl disable --now {path.name} && sudo rm {path}")
        return False
    problem = stop(path)
    try:
        path.unlink()
    except OSError as error:
        raise CommandFailed(f"{path} cannot be removed: {error.strerror}") from error
    forget(path)
    ended = not problem or (config is not None and holder(config.state_dir) is None)
    say(f"The service is stopped, and {path} is removed." if ended else f"{path} is removed; not stopped: {problem}.")
    return ended


def _remove_state(config: Config, *, ask: bool) -> bool:
    """Remove what sorterd knows, after asking. Return whether it is gone."""
    folder = config.state_dir
    if not holds_state(folder):
        say(f"There is no state in {folder}.")
        return False
    noted = noted_videos(folder)
    root, *others = look_at(config.videos, *([] if noted is None else [Path(noted)]))
    if noted not in (None, str(config.videos)) and others[0].real != root.real:
        raise CommandFailed(
            f"{folder} is the state of {noted}, not of {config.videos}, so it stays: to remove it, name its config"
        )
    if _unfinished(config):
        raise CommandFailed(
            f"a move was cut short, and {folder} says how to finish it: type 'sorterd run --once', then this again"
        )
    say(
        f"{folder} holds all that sorterd has learned, and the history of its moves. Without it no move can be undone, "
        "and every video has to be looked at again. Your videos stay where they are."
    )
    try:
        if ask and not confirmed("Remove it?", default=False):
            return False
    except NoAnswerGiven:
        return False
    try:
        with StateLock(folder):
            left = remove_state(folder, root.real)
    except OSError as error:
        raise CommandFailed(f"{folder} cannot be removed completely: {error.strerror}") from error
    more = f" There are other files in {folder}, which stay: {', '.join(left[:3])}." if left else ""
    say(f"All that sorterd knew of {config.videos} is removed.{more}")
    return True


def _unfinished(config: Config) -> bool:
    """Return whether a crash cut a move short. A file may lie under a hidden name then."""
    try:
        with known(config) as store:
            return bool(store.journal.unfinished())
    except StoreError:  # damaged, which may be why it is to go
        return False


def _what_stays(config: Config | None, file: Path | None) -> Iterator[str]:
    if config is not None:
        yield f"your videos, where they are: {config.videos}"
    if file is not None and file.exists():
        yield f"your config: {file}"
    if config is not None and holds_state(config.state_dir):
        where = f"{config.state_dir}, {size_of(config.state_dir) / 1e6:,.0f} MB"
        yield f"what it has learned, and the history of its moves: {where} ('sorterd uninstall --state' removes it)"
    backups = kept_backups(sys.platform, own_home())
    if backups:
        yield f"service files of before, kept when others were written: {', '.join(map(str, backups))}"
    models = _fetched_models()
    if models:
        yield f"{counted(len(models), 'model')} that it has fetched: {', '.join(map(str, models))}"
    if sys.platform == "linux" and lingers():
        off = f"loginctl disable-linger {user_name(os.getuid())}"
        yield f"that your services start with the computer; if you have no other: {off}"
    yield f"the program: {how_to_remove(Path(sys.prefix))}"


def _fetched_models() -> list[Path]:
    """Return the folders of the models that sorterd fetches from the hub, and that other programs may use too."""
    base = Path(
        os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or own_home() / ".cache", "huggingface")
    )
    hub = Path(os.environ.get("HF_HUB_CACHE") or base / "hub")
    return sorted(path for kind in ("*[cC][lL][iI][pP]*", "*faster-whisper*") for path in hub.glob(f"models--{kind}"))
