"""The JSON schema of the config file, with which editors complete, explain and check it."""

from __future__ import annotations

from typing import Any

from sorterd.config.schema import Config
from sorterd.config.section import Section, section_of

DRAFT = "https://json-schema.org/draft/2020-12/schema"  # what pydantic writes


def json_schema() -> dict[str, Any]:
    """Return the schema. The explanation of each setting is its `description`, which editors show."""
    schema = Config.model_json_schema()
    sections = {section.__name__: section for section in _sections(Config)}
    _explain(schema, Config)
    for name, definition in schema["$defs"].items():
        _explain(definition, sections[name])
    return {"$schema": DRAFT, "title": "The config of sorterd", **schema}


def _sections(model: type[Section]) -> list[type[Section]]:
    inner = [section for field in model.model_fields.values() if (section := section_of(field))]
    return [*inner, *(deeper for section in inner for deeper in _sections(section))]


def _explain(schema: dict[str, Any], section: type[Section]) -> None:
    """Replace what pydantic takes for titles, and allow a section of which all lines are commented out."""
    schema.pop("title", None)
    for name, field in section.model_fields.items():
        if inner := section_of(field):
            found = {"$ref": schema["properties"][name]["$ref"]}
            schema["properties"][name] = {"description": inner.__doc__, "anyOf": [found, {"type": "null"}]}
        else:
            found = schema["properties"][name]
            del found["title"]
            found["description"] = f"{field.title}. It must be {field.description}."
