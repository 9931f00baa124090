"""`service install|uninstall|show`: start with the computer."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from sorterd.commands.context import configured, print_json
from sorterd.commands.failure import CommandFailed
from sorterd.display import printable
from sorterd.service.install import Installation, installation, of_another


def service(options: argparse.Namespace) -> int:
    """Write, remove or show the service file, and say what to type next."""
    config = configured(options, quiet=True)
    if config.file is None:
        raise CommandFailed("a service needs a config file: copy config.example.yaml and set 'videos:' in it")
    found = installation(sys.platform, Path.home(), Path(sys.executable), config.file, options.name)
    try:
        if options.action != "show":
            _refuse_if_of_another(found, config.file)
        done = _ACTIONS[options.action](found)
    except OSError as error:
        raise CommandFailed(f"{found.path}: {error.strerror}") from error
    if options.json:
        print_json(_as_json(found))
    elif options.action == "show":
        print(f"# {printable(str(found.path))}" + ("" if found.path.exists() else " (not installed)"))
        print(found.content.decode(errors="surrogateescape").rstrip())
    elif not done:
        print(f"There is no {printable(str(found.path))}.")
    elif options.action == "install":
        _say(f"{found.path} is written. To start it now and with every login, type:", found.start)
    else:
        _say(f"{found.path} is removed. If the service still runs, type:", found.stop)
    return 0


def _refuse_if_of_another(found: Installation, config: Path) -> None:
    """Raise CommandFailed rather than replace or remove the service of another library."""
    other = of_another(found.path, Path.home(), config)
    if other is not None:
        raise CommandFailed(
            f"{found.path} is the service for {other}, not for {config}: "
            "say with --name which one you mean; a second library needs a name of its own"
        )


def _install(found: Installation) -> bool:
    found.install()
    return True


def _leave(found: Installation) -> bool:
    return found.path.exists()


_ACTIONS = {"install": _install, "uninstall": Installation.uninstall, "show": _leave}


def _as_json(found: Installation) -> dict[str, Any]:
    return {
        "path": str(found.path),
        "installed": found.path.exists(),
        "content": found.content.decode(errors="surrogateescape"),
        "start": list(found.start),
        "stop": list(found.stop),
    }


def _say(text: str, commands: tuple[str, ...]) -> None:
    print(printable(text))
    for command in commands:
        print(f"  {printable(command)}")
