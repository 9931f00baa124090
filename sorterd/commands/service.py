"""`service install|uninstall|show`: make sorterd start by itself."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from sorterd.commands.context import asking, named_config, print_json
from sorterd.commands.failure import FAILED, CommandFailed
from sorterd.commands.questions import NoAnswerGiven, at_terminal, confirmed
from sorterd.commands.sentences import say
from sorterd.config import Config
from sorterd.config.home import home, state_home
from sorterd.service.install import Installation, carried, installation, of_another
from sorterd.service.manager import State, show_log, state_of, user_name
from sorterd.service.start import Outcome, forget, let_linger, start, stop
from sorterd.text import printable


def service(options: argparse.Namespace) -> int:
    """Install and start, stop and remove, or show the service."""
    config = named_config(options)
    if config.file is None:
        raise CommandFailed("a service needs a config file: 'sorterd setup FOLDER' writes one and starts the service")
    if options.action == "install":
        refuse_for_another_user(config.file)
        config = asking(options)[0]
        refuse_for_another_user(config.videos)
    assert config.file is not None
    found = service_of(config, config.file, options.name)
    try:
        if options.action != "show":
            refuse_if_of_another(found, config.file)
        return _ACTIONS[options.action](found, options)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandFailed(f"{found.path}: {error.strerror}") from error


def own_home() -> Path:
    """Return the home folder, where a user's service is installed. Raise CommandFailed if this user has none."""
    found = home()
    if found is None:
        raise CommandFailed("this user has no home folder, and so can have no service of its own: set HOME")
    return found


def service_of(config: Config, file: Path, name: str | None) -> Installation:
    """Return the service for the config in `file`. Raise CommandFailed if this user can have none."""
    named = config.line("state_dir") is not None
    environment = carried(os.environ, None if named else state_home().parent)
    return installation(sys.platform, own_home(), Path(sys.executable), file, name, environment)


def _install(found: Installation, options: argparse.Namespace) -> int:
    if not options.json:
        return FAILED if install_and_start(found).failed else 0
    kept, outcome = found.install(), start(found)
    document = _as_json(found, state_of(found.path), outcome.problem)
    print_json({**document, "kept": None if kept is None else str(kept)})
    return FAILED if outcome.failed else 0


def install_and_start(found: Installation, *, linger: bool | None = None) -> Outcome:
    """Write the service's file, start it, and print what came of it. Raise OSError.

    `linger`: let it start with the computer; None: ask, if this is a terminal.
    """
    kept = found.install()
    outcome, state = start(found), state_of(found.path)
    _say(f"{found.path} is written.")
    if kept is not None:
        _say(f"Another one was there, written by hand or by another version of sorterd. It is kept as {kept}.")
        if found.path.suffix != ".plist":
            edit = f"systemctl --user edit {found.path.name}"
            _say("Lines of your own that are to stay belong in a file of their own, which this makes:", edit)
    if state.lingers is False and sys.platform == "linux" and (_let_linger() if linger else _wants_linger()):
        state = replace(state, lingers=True)
        if not (outcome.running or outcome.failed):  # the user's service manager runs only since now
            outcome = start(found)
    if outcome.reduced:
        _say("This system refuses namespaces to services like this one: it was written without the lines for them.")
    _say_whether(outcome, state, found)
    return outcome


def _say_whether(outcome: Outcome, state: State, found: Installation) -> None:
    """Print whether the service runs, when it starts by itself, and what is left to do."""
    running = "The service runs" if outcome.running else f"The service could not be started: {outcome.problem}"
    if not outcome.enabled:
        _say(f"{running}. It will not start by itself.")
    elif state.lingers:
        _say(f"{running}. It starts with the computer.")
    elif sys.platform == "darwin":
        _say(f"{running}. It starts when you log in.")
    else:
        _say(f"{running}. It starts when you log in, and ends when you log out.")
        _say("To have it start with the computer and go on without you, type:", _linger())
    if outcome.failed:
        _say("To see why, type:", show_log(found.path))
        _say("To try again, type:", *found.start)
    elif not outcome.running and outcome.enabled and not state.lingers:
        _say("and after that 'sorterd service install' once more; or log in as usual, and it starts.")


def _linger() -> str:
    return f"loginctl enable-linger {user_name(os.getuid())}"


def _wants_linger() -> bool:
    """Ask at a terminal whether the service shall run without a login, and enable that. Return whether it will."""
    question = f"Shall it start with the computer and go on when you log out ({_linger()})?"
    try:
        return at_terminal() and confirmed(question, default=False) and _let_linger()
    except NoAnswerGiven:
        return False


def _let_linger() -> bool:
    """Let the user's services start with the computer. Return whether they do."""
    answer = let_linger(user_name(os.getuid()))
    if not answer.ok:
        _say(f"That was refused ({answer.complaint}). An administrator may do it:", f"sudo {_linger()}")
    return answer.ok


def _uninstall(found: Installation, options: argparse.Namespace) -> int:
    there = found.path.exists()
    problem = stop(found.path) if there else ""
    found.uninstall()
    if there:
        forget(found.path)
    if options.json:
        print_json(_as_json(found, State(enabled=False), problem))
    elif not there:
        _say(f"There is no {found.path}.")
    elif problem:
        _say(f"{found.path} is removed, but the service was not stopped: {problem}. If it runs, type:", *found.stop)
    else:
        _say(f"The service is stopped, and {found.path} is removed. Labels and settings are kept.")
    return 0


def _show(found: Installation, options: argparse.Namespace) -> int:
    state = state_of(found.path) if found.path.exists() else State()
    if options.json:
        print_json(_as_json(found, state, ""))
    else:
        _say(f"# {found.path}" + ("" if found.path.exists() else " (not installed)"))
        print(found.content.decode(errors="surrogateescape").rstrip())
    return 0


_ACTIONS = {"install": _install, "uninstall": _uninstall, "show": _show}


def refuse_if_of_another(found: Installation, config: Path) -> None:
    """Raise CommandFailed if this is the service of another library, which must not be replaced or removed."""
    other = of_another(found.path, own_home(), config)
    if other is not None:
        raise CommandFailed(
            f"{found.path} is the service for {other}, not for {config}: "
            "say with --name which one you mean; a second library needs a name of its own"
        )


def refuse_for_another_user(path: Path) -> None:
    """Raise CommandFailed if root would run the service for another user's videos, as under `sudo -i`.

    `path` is the config or the folder of videos.
    """
    if os.geteuid() != 0:
        return
    try:
        owner = path.stat().st_uid
    except OSError:  # away
        return
    if owner != 0:
        user = user_name(owner)
        raise CommandFailed(
            f"you are root, but {path} belongs to {user}: type this as {user}, without sudo, "
            "so that the service runs as the owner of the videos"
        )


def _as_json(found: Installation, state: State, problem: str) -> dict[str, Any]:
    return {
        "path": str(found.path),
        "installed": found.path.exists(),
        "content": found.content.decode(errors="surrogateescape"),
        "start": list(found.start),
        "stop": list(found.stop),
        "enabled": state.enabled,
        "running": state.active in ("active", "reloading"),
        "lingers": state.lingers,
        "problem": problem,
    }


def _say(text: str, *commands: str) -> None:
    say(text)
    for command in commands:
        print(f"  {printable(command)}")
