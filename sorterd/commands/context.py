"""What most commands begin with: the config and the log."""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from sorterd import log
from sorterd.commands.library import found_state, named
from sorterd.config import Config, ConfigError, check_folders, check_state_folder
from sorterd.library.places import Place, find, look_at
from sorterd.service.manager import managed
from sorterd.store.database import connect
from sorterd.store.homes import holds_state
from sorterd.store.store import DATABASE, Store


def configured(options: argparse.Namespace, *, quiet: bool = False) -> Config:
    """The config that the command line names, with all that it points at checked, and a log to stderr at its level.

    `quiet`: a command that shows things itself logs only what is wrong. Raise ConfigError.
    """
    config, _, news = found_state(named(options))
    check_folders(config)
    _start_log(config, news, quiet=quiet)
    return config


def to_serve(options: argparse.Namespace, *, running: bool = False) -> Config:
    """As `configured`, for the service: a folder of videos that cannot be used now is waited for, not an error.

    That is so where a service manager started it or it is `running`, and where the library is known. Else the name may
    be mistyped, and who typed it wants to be told.
    """
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
    """The config for a command that asks what is known, and what is found at its folder of videos just now.

    While the disk of the videos is away, read-only or hangs, what is known can be asked all the same. Only where
    nothing is known yet, the folder must be as for any other command. Raise ConfigError.
    """
    config, root, news = found_state(named(options))
    (state,) = look_at(config.state_dir)
    check_state_folder(config, state)
    if not holds_state(config.state_dir):
        check_folders(config)
    _start_log(config, news, quiet=True)
    return config, root


def known(config: Config) -> Store:
    """What is known of a library; an empty store where nothing is, so that to ask leaves nothing behind.

    Raise StoreError.
    """
    there = (config.state_dir / DATABASE).exists()
    return Store.open(config.state_dir) if there else Store.on(connect(Path(":memory:")))


def named_config(options: argparse.Namespace) -> Config:
    """The config for a command that looks neither at the videos nor at the state. Raise ConfigError."""
    config = named(options)
    _start_log(config, [], quiet=True)
    return config


def _start_log(config: Config, news: list[str], *, quiet: bool) -> None:
    log.configure("warning" if quiet else config.log.level, config.log.format, sys.stderr)
    for sentence in news:
        structlog.get_logger().warning(sentence)


def print_json(document: Any) -> None:
    """One JSON document on stdout. ASCII only: names that are not valid UTF-8 travel as escapes."""
    print(json.dumps(document, indent=2))


@dataclass(frozen=True, slots=True)
class Named:
    """A file in the folder of videos that was named on the command line, by its path in there; `there`: as it is spelt
    on the disk. What is not there, or on a disk that does not answer, has the path that was typed."""

    path: str
    there: bool


def named_file(path: Path, config: Config, root: Place) -> Named:
    """The file at a path as typed: absolute, relative to here, or relative to the folder of videos."""
    try:
        here = [Path.cwd()]
    except FileNotFoundError:  # the folder that the shell is in was deleted
        here = []
    meant = [folder / path for folder in (*here, config.videos)]
    found = find(config.videos, meant) if root.trouble is None else None
    if found is not None:
        return Named(found, there=True)
    for one in map(os.path.normpath, meant[:-1]):
        if one.startswith(f"{config.videos}/"):
            return Named(os.path.relpath(one, config.videos), there=False)
    return Named(str(path), there=False)
