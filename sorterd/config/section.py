"""The sections of the config, and the settings in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sorterd.config.document import Location
from sorterd.config.values import Kind


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known about a setting: see `setting`."""

    kind: Kind
    meaning: str
    default: object
    example: str


@dataclass(frozen=True)
class Section:
    """The base of all parts of the config. Values cannot be changed later."""

    def values(self) -> dict[str, object]:
        """Return the settings as JSON has them."""
        return {name: as_json(getattr(self, name)) for name in settings(type(self))}


def setting(default: object, kind: Kind, meaning: str, example: str = "") -> Any:
    """Return the field of a setting. The default is MISSING if there is none, a function if it depends on the system.

    `example` stands in the example of a config where the default cannot.
    """
    given: dict[str, Any] = {"default_factory" if callable(default) else "default": default}
    return field(**given, metadata={"setting": Setting(kind, meaning, default, example)})


def settings(section: type[Section]) -> Mapping[str, Setting | type[Section]]:
    """Return the settings of a section and the sections in it, by name."""
    found: dict[str, Any] = {one.name: one.metadata.get("setting") or type(one.default) for one in fields(section)}
    return {name: one for name, one in found.items() if isinstance(one, Setting) or issubclass(one, Section)}


def all_settings(section: type[Section], at: Location = ()) -> dict[Location, Setting | type[Section]]:
    """Return all settings and sections by their location."""
    found: dict[Location, Setting | type[Section]] = {}
    for name, one in settings(section).items():
        found[*at, name] = one
        found |= {} if isinstance(one, Setting) else all_settings(one, (*at, name))
    return found


def as_json(value: object) -> object:
    """Return the value of a setting, or those of a section, as JSON has them."""
    if isinstance(value, Section):
        return value.values()
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, bool | int | float) else str(value)
