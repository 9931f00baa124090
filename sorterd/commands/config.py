"""`config check|show|edit|schema`: whether the config is valid, what is in force, and changing it."""

from __future__ import annotations

import argparse
import json

from sorterd.commands.config_edit import edit
from sorterd.commands.context import configured, in_force, print_json
from sorterd.config.json_schema import json_schema
from sorterd.config.origins import SettingInForce, flat
from sorterd.report.console import console_for
from sorterd.report.records import Records, print_records
from sorterd.text import printable


def config(options: argparse.Namespace) -> int:
    """Do what was asked for. An invalid config raises ConfigError."""
    return _ACTIONS[options.action](options)


def check(options: argparse.Namespace) -> int:
    """Print the settings in force. An invalid config raises ConfigError before that."""
    config = configured(options)
    if options.json:
        print_json({"file": None if config.file is None else str(config.file), **config.values()})
        return 0
    print(f"{printable(str(config.file or 'default settings'))} is valid.")
    for name, value in flat(config.values()):
        print(f"  {printable(f'{name}: {value}')}")
    return 0


def show(options: argparse.Namespace) -> int:
    """Print each setting with its value and where it comes from. Also works while the disk of the videos is away."""
    file, settings = in_force(options)
    if options.json:
        values = {one.name: {"value": one.value, "from": one.origin} for one in settings}
        print_json({"file": None if file is None else str(file), "settings": values})
        return 0
    rows = [tuple(map(printable, (one.name, _as_text(one), one.origin))) for one in settings]
    title = printable(str(file or "no config file"))
    print_records(
        console_for(), Records(("setting", "value", "from"), rows, title, names=frozenset(["setting", "from"]))
    )
    return 0


def schema(options: argparse.Namespace) -> int:
    """Print the JSON schema of the config file."""
    del options  # it is JSON in any case
    print_json(json_schema())
    return 0


def _as_text(setting: SettingInForce) -> str:
    """Return the value as it is written in the file."""
    return setting.value if isinstance(setting.value, str) else json.dumps(setting.value, ensure_ascii=False)


_ACTIONS = {"check": check, "show": show, "edit": edit, "schema": schema}
