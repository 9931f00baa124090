"""`service install|uninstall|show`: start with the computer."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sorterd.commands.context import configured
from sorterd.commands.failure import CommandFailed
from sorterd.display import printable
from sorterd.service.install import Installation, installation


def service(options: argparse.Namespace) -> int:
    """Write, remove or show the service file, and say what to type next."""
    config = configured(options, quiet=True)
    if config.file is None:
        raise CommandFailed("a service needs a config file: copy config.example.yaml and set 'videos:' in it")
    found = installation(sys.platform, Path.home(), Path(sys.executable), config.file, options.name)
    actions = {"install": _install, "uninstall": _uninstall, "show": _show}
    try:
        actions[options.action](found)
    except OSError as error:
        raise CommandFailed(f"{found.path}: {error.strerror}") from error
    return 0


def _install(found: Installation) -> None:
    found.install()
    _say(f"{found.path} is written. To start it now and with every login, type:", found.start)


def _uninstall(found: Installation) -> None:
    if found.uninstall():
        _say(f"{found.path} is removed. If the service still runs, type:", found.stop)
    else:
        print(f"There is no {printable(str(found.path))}.")


def _show(found: Installation) -> None:
    print(f"# {printable(str(found.path))}" + ("" if found.path.exists() else " (not installed)"))
    print(found.content.decode(errors="surrogateescape").rstrip())


def _say(text: str, commands: tuple[str, ...]) -> None:
    print(printable(text))
    for command in commands:
        print(f"  {printable(command)}")
