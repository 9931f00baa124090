"""Read the user's YAML file as a validated Config. Every error names the key, the line and the remedy."""

from __future__ import annotations

from sorterd.config.folders import check_folders, check_state_folder
from sorterd.config.load import load_config, search_path
from sorterd.config.problems import ConfigError, Problem
from sorterd.config.schema import (
    ClipConfig,
    Config,
    FeaturesConfig,
    LogConfig,
    MoveConfig,
    TrainConfig,
    WatchConfig,
)

__all__ = [
    "ClipConfig",
    "Config",
    "ConfigError",
    "FeaturesConfig",
    "LogConfig",
    "MoveConfig",
    "Problem",
    "TrainConfig",
    "WatchConfig",
    "check_folders",
    "check_state_folder",
    "load_config",
    "search_path",
]
