"""The user's home folder, which not every user has: a bare user id in a container or a unit with `DynamicUser`."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from sorterd.config.problems import ConfigError, Problem


def home() -> Path | None:
    """The home folder; None if the system knows none."""
    try:
        return Path.home()
    except RuntimeError:
        return None


def state_home() -> Path:
    """The folder for sorterd's own files where none is named. Raise ConfigError if this user has no home folder."""
    try:
        return platformdirs.user_state_path("sorterd")
    except RuntimeError:
        remedy = "this user has no home folder to keep it in: name a folder as 'state_dir:' in a config, or set HOME"
        raise ConfigError(None, (Problem("state_dir", remedy),)) from None


def config_home() -> Path | None:
    """The folder for the user's config; None if this user has no home folder."""
    try:
        return platformdirs.user_config_path("sorterd")
    except RuntimeError:
        return None


def expanded(path: Path) -> Path:
    """The absolute path, with `~` as the home folder. Raise ConfigError if there is no such home."""
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        remedy = f"{path}: there is no home folder that {path.parts[0]} could mean; write the path in full"
        raise ConfigError(None, (Problem("", remedy),)) from None
