"""What most commands begin with: the config and the log."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import platformdirs

from sorterd import log
from sorterd.config import Config, check_folders, load_config


def configured(options: argparse.Namespace, *, quiet: bool = False) -> Config:
    """The checked config that the command line names, and a log to stderr at its level.

    `quiet`: a command that shows things itself logs only what is wrong. Raise ConfigError.
    """
    config = load_config(options.config) if options.videos is None else for_folder(options.videos)
    check_folders(config)
    log.configure("warning" if quiet else config.log.level, config.log.format, sys.stderr)
    return config


def for_folder(videos: Path) -> Config:
    """The default settings for one folder, with a state folder of its own: for a first try without a config file."""
    videos = videos.expanduser().resolve()  # one library has one state, from wherever and however it is named
    digest = hashlib.blake2b(os.fsencode(videos), digest_size=6).hexdigest()
    return Config(videos=videos, state_dir=platformdirs.user_state_path("sorterd") / f"folder-{digest}")


def print_json(document: Any) -> None:
    """One JSON document on stdout. ASCII only: names that are not valid UTF-8 travel as escapes."""
    print(json.dumps(document, indent=2))


def relative_to_videos(path: Path, config: Config) -> str:
    """A path as typed (absolute, relative to here, or relative to the folder of videos) as the store knows it."""
    try:
        here = [Path.cwd()]
    except FileNotFoundError:  # the folder that the shell is in was deleted
        here = []
    for candidate in (folder / path for folder in (*here, config.videos)):
        folder = candidate.parent.resolve()
        root = config.videos.resolve()
        if folder.is_relative_to(root) and (candidate.exists() or candidate.is_symlink()):
            return str(folder.relative_to(root) / candidate.name)
    return str(path)
