"""Load the config, start the log, and find the library: the first steps of most commands."""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sorterd import log
from sorterd.commands.failure import CommandFailed
from sorterd.commands.library import found_state, named
from sorterd.config import Config, ConfigError, check_folders, check_state_folder
from sorterd.library.places import Place, find_each, look_at
from sorterd.service.lock import holder
from sorterd.store.homes import holds_state
from sorterd.store.reading import is_older, reading
from sorterd.store.store import Store

if TYPE_CHECKING:
    from sorterd.config.origins import SettingInForce

T = TypeVar("T")


def configured(options: argparse.Namespace, *, quiet: bool = False) -> Config:
    """Return the config that the command line names, with its folders checked, and log to stderr at its level.

    `quiet`: log only warnings, because the command prints its own output. Raise ConfigError.
    """
    config, _, news = found_state(named(options))
    check_folders(config)
    _start_log(config, news, quiet=quiet)
    return config


def to_serve(options: argparse.Namespace, *, running: bool = False) -> Config:
    """Return the config for the service. An unusable folder of videos is not an error: the service waits for it.

    It is one, however, if the library is not known yet, the service is not `running` yet, and no service manager
    starts it: then the user who typed the name may have mistyped it. Otherwise as `configured`.
    """
    from sorterd.service.manager import managed

    config, root, news = found_state(named(options))
    try:
        check_folders(config)
    except ConfigError as error:
        may_come = root.error != errno.ENOTDIR and {problem.key for problem in error.problems} == {"videos"}
        expected = running or managed(os.environ) or holds_state(config.state_dir)
        if not (may_come and expected):
            raise
    _start_log(config, news, quiet=False)
    return config


def asking(options: argparse.Namespace) -> tuple[Config, Place]:
    """Return the config for a command that only shows what is known, and the present state of its folder of videos.

    Such a command works while the disk of the videos is away, is read-only or hangs. Only if nothing is known yet, the
    folder must be usable. Raise ConfigError.
    """
    config, root, news = found_state(named(options))
    (state,) = look_at(config.state_dir)
    check_state_folder(config, state)
    if not holds_state(config.state_dir):
        check_folders(config)
    pid = holder(config.state_dir)
    if pid is not None and is_older(config.state_dir):
        news.append(f"the service that runs is of an older version: restart it ({_restart(config, pid)})")
    _start_log(config, news, quiet=True)
    return config, root


def _restart(config: Config, pid: int) -> str:
    """Return how to restart the service that runs as process `pid`."""
    from sorterd.config.home import home
    from sorterd.service.install import installed_for
    from sorterd.service.manager import restart

    unit = installed_for(sys.platform, home(), config.file)
    return restart(unit) if unit is not None else f"stop process {pid}, then start it as before"


def known(config: Config) -> AbstractContextManager[Store]:
    """Give the store of a library to read it, or an empty one if there is none. Raise StoreError."""
    return reading(config.state_dir)


def named_config(options: argparse.Namespace) -> Config:
    """Return the config for a command that needs neither the videos nor the state. Raise ConfigError."""
    config = named(options)
    _start_log(config, [], quiet=True)
    return config


def in_force(options: argparse.Namespace) -> tuple[Path | None, list[SettingInForce]]:
    """Return the config file, None for `--videos`, and the settings in force. Raise ConfigError."""
    from sorterd.config.origins import settings_in_force

    written = named(options)
    config, _, news = found_state(written)
    _start_log(config, news, quiet=True)
    origins = {} if options.videos is None else {"videos": "--videos"}
    if config.state_dir != written.state_dir:
        origins["state_dir"] = "found: the state of this folder of videos"
    return config.file, settings_in_force(config, origins)


def _start_log(config: Config, news: list[str], *, quiet: bool) -> None:
    log.configure("warning" if quiet else config.log.level, config.log.format, sys.stderr)
    for sentence in news:
        log.get_logger().warning(sentence)


def print_json(document: Any) -> None:
    """Print one JSON document on stdout, in ASCII: names that are not valid UTF-8 become escapes."""
    print(json.dumps(document, indent=2))


@dataclass(frozen=True, slots=True)
class Named:
    """A file that was named on the command line, by its path in the folder of videos.

    `there`: it exists, and the path is spelt as on disk. Otherwise (also if the disk does not answer) it is as typed.
    """

    path: str
    there: bool


def named_file(path: Path, config: Config, root: Place) -> Named:
    """Return the file at a path as typed, see `named_files`."""
    return named_files([path], config, root)[0]


def named_files(paths: Sequence[Path], config: Config, root: Place) -> list[Named]:
    """Return the files or folders at paths as typed: absolute, or relative to here or to the folder of videos."""
    try:
        here = [Path.cwd()]
    except FileNotFoundError:  # the folder that the shell is in was deleted
        here = []
    meant = [[folder / path for folder in (*here, config.videos)] for path in paths]
    found: list[str | None] = [None] * len(paths)
    if root.trouble is None:
        found = [one for part in batched(meant, 100) for one in find_each(config.videos, part)]
    return [
        _as_typed(path, places[:-1], config) if there is None else Named(there, there=True)
        for path, places, there in zip(paths, meant, found, strict=True)
    ]


def _as_typed(path: Path, places: Sequence[Path], config: Config) -> Named:
    """Return a file that was not found, by its path in the folder of videos if it was typed as lying there."""
    for one in map(os.path.normpath, places):
        if one.startswith(f"{config.videos}/"):
            return Named(os.path.relpath(one, config.videos), there=False)
    return Named(str(path), there=False)


def named_folder(text: str, config: Config, root: Place) -> str:
    """Return the name of the category that was typed, by its name alone or as a path to it."""
    name = text.rstrip("/")
    if not text.strip():
        raise CommandFailed("give the name of a folder: an empty one was given")
    if name and "/" not in name and name not in (".", ".."):
        return name
    return named_file(Path(text), config, root).path


def batched(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """Return the items in pieces of at most that many."""
    return [items[start : start + size] for start in range(0, len(items), size)]
