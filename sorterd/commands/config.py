"""`config check`: whether the config is valid, and the settings in force."""

from __future__ import annotations

import argparse

from sorterd.commands.context import configured, print_json
from sorterd.text import printable


def check(options: argparse.Namespace) -> int:
    """Print the settings in force. An invalid config raises ConfigError before that."""
    config = configured(options)
    if options.json:
        print_json({"file": None if config.file is None else str(config.file), **config.model_dump(mode="json")})
        return 0
    print(f"{printable(str(config.file or 'default settings'))} is valid.")
    for line in _flat("", config.model_dump(mode="json")):
        print(f"  {printable(line)}")
    return 0


def _flat(prefix: str, values: dict[str, object]) -> list[str]:
    lines: list[str] = []
    for key, value in values.items():
        lines += _flat(f"{prefix}{key}.", value) if isinstance(value, dict) else [f"{prefix}{key}: {value}"]
    return lines
