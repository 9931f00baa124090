"""The JSON schema of the config file, with which editors complete, explain and check it."""

from __future__ import annotations

from dataclasses import MISSING
from typing import Any

from sorterd.config.schema import Config
from sorterd.config.section import Section, Setting, as_json, settings


def json_schema() -> dict[str, Any]:
    """Return the schema. The explanation of each setting is its `description`, which editors show."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "title": "The config of sorterd", **_section(Config)}


def _section(section: type[Section]) -> dict[str, Any]:
    known = settings(section)
    return {
        "description": section.__doc__,
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, one in known.items() if isinstance(one, Setting) and one.default is MISSING],
        "properties": {name: _property(one) for name, one in known.items()},
    }


def _property(one: Setting | type[Section]) -> dict[str, Any]:
    if not isinstance(one, Setting):  # a section of which all lines are commented out is null
        return {"description": one.__doc__, "anyOf": [_section(one), {"type": "null"}]}
    usual = {"examples": [one.example]} if one.example else {"default": as_json(one.default)}
    return {"description": f"{one.meaning}. It must be {one.kind.must_be}.", **one.kind.schema, **usual}
