"""Find the user's home folder. A bare user id in a container or a unit with `DynamicUser` has none."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from sorterd.config.problems import ConfigError, Problem


def home() -> Path | None:
    """Return the home folder, None if there is none."""
    try:
        return Path.home()
    except RuntimeError:
        return None


def state_home() -> Path:
    """Return the default folder for sorterd's own files. Raise ConfigError if this user has no home folder."""
    try:
        return platformdirs.user_state_path("sorterd")
    except RuntimeError:
        remedy = "this user has no home folder to keep it in: name a folder as 'state_dir:' in a config, or set HOME"
        raise ConfigError(None, (Problem("state_dir", remedy),)) from None


def config_home() -> Path | None:
    """Return the folder for the user's config, None if this user has no home folder."""
    try:
        return platformdirs.user_config_path("sorterd")
    except RuntimeError:
        return None


def expanded(path: Path) -> Path:
    """Return the absolute path, with `~` expanded. Raise ConfigError if there is no such home folder."""
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        remedy = f"{path}: there is no home folder that {path.parts[0]} could mean; write the path in full"
        raise ConfigError(None, (Problem("", remedy),)) from None
