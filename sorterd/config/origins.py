"""The settings in force, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sorterd.config.schema import Config

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class SettingInForce:
    """One setting: its dotted name, its value as in JSON, and where that comes from ("line 3", "default")."""

    name: str
    value: object
    origin: str


def settings_in_force(config: Config, origins: Mapping[str, str]) -> list[SettingInForce]:
    """Return all settings in the order of the schema.

    `origins` says of settings that come neither from the file nor from the defaults where they come from.
    """
    return [
        SettingInForce(name, value, origins.get(name) or _origin(config, name)) for name, value in flat(config.values())
    ]


def flat(values: Mapping[str, object], above: str = "") -> list[tuple[str, object]]:
    """Return the dotted name and the value of each setting in a nested mapping."""
    settings: list[tuple[str, object]] = []
    for key, value in values.items():
        settings += flat(value, f"{above}{key}.") if isinstance(value, dict) else [(f"{above}{key}", value)]
    return settings


def _origin(config: Config, name: str) -> str:
    line = config.line(*name.split("."))
    return DEFAULT if line is None else f"line {line}"
