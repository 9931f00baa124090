"""`config edit`: open the config in the user's editor, check it afterwards, and have the service read it."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sorterd.commands.failure import FAILED, MISUSED, CommandFailed
from sorterd.commands.library import found_state
from sorterd.commands.questions import NoAnswerGiven, at_terminal, confirmed
from sorterd.config import Config, ConfigError, check_folders, load_config
from sorterd.config.load import find_config
from sorterd.service.lock import holder
from sorterd.text import printable

USUAL = ("sensible-editor", "nano", "vim", "vi")  # if neither VISUAL nor EDITOR is set


def edit(options: argparse.Namespace) -> int:
    """Edit the file until it is valid or the user gives up. A file that is not valid stays as the user saved it."""
    if options.json:
        raise CommandFailed("--json prints a document, but 'config edit' opens an editor: leave out --json")
    if options.videos is not None:
        raise CommandFailed("--videos means the default settings, and no file to edit: name one with --config")
    path = find_config(options.config)
    command = editor(os.environ)
    if not path.exists():
        raise CommandFailed(f"{path} does not exist; 'sorterd setup' writes one")
    before = path.read_bytes()
    while True:
        _open_in(command, path)
        try:
            config = load_config(path)
            check_folders(config)
        except ConfigError as error:
            print("\n".join(map(printable, str(error).split("\n"))), file=sys.stderr)
            if not _again():
                return MISUSED
        else:
            return _say_what_follows(config, path, changed=path.read_bytes() != before)


def editor(environ: Mapping[str, str]) -> list[str]:
    """Return the command that starts the user's editor. Raise CommandFailed."""
    for name in ("VISUAL", "EDITOR"):
        if not environ.get(name, "").strip():
            continue
        try:
            words = shlex.split(environ[name])
        except ValueError as error:
            raise CommandFailed(f"{name} is {environ[name]!r}, which is no command: {error}") from error
        if shutil.which(words[0]) is None:
            raise CommandFailed(f"{name} is {environ[name]!r}, but there is no program {words[0]}; set {name}")
        return words
    found = next((name for name in USUAL if shutil.which(name)), None)
    if found is None:
        raise CommandFailed(f"no editor was found ({', '.join(USUAL)}); set EDITOR to the name of yours")
    return [found]


def _open_in(command: list[str], path: Path) -> None:
    try:
        done = subprocess.run([*command, str(path)], check=False)
    except OSError as error:
        raise CommandFailed(f"the editor {command[0]} could not be started: {error.strerror}") from error
    if done.returncode:
        ended = f"signal {-done.returncode}" if done.returncode < 0 else f"exit status {done.returncode}"
        raise CommandFailed(f"the editor {command[0]} failed ({ended}); {path} is as it left it")


def _again() -> bool:
    try:
        return at_terminal() and confirmed("Edit it again?")
    except NoAnswerGiven:
        return False


def _say_what_follows(config: Config, path: Path, *, changed: bool) -> int:
    name = printable(str(path))
    if not changed:
        print(f"{name} is valid and unchanged. If your editor is still open, save and type 'sorterd config check'.")
        return 0
    print(f"{name} is valid.")
    pid = holder(found_state(config)[0].state_dir)
    if pid is None:
        return 0
    try:
        os.kill(pid, signal.SIGHUP)
    except OSError as error:
        print(f"The running service (process {pid}) could not be told: {error.strerror}. Start it again.")
        return FAILED
    print("The running service reads it again.")
    return 0
