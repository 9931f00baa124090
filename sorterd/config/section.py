"""The base of all sections of the config, and how to find a setting in them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from sorterd.config.document import Location


class Section(BaseModel):
    """The base of all parts of the config. Unknown keys and wrong types are errors. Values cannot be changed later."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)


def field_at(config: type[Section], location: Location) -> tuple[Location, FieldInfo] | None:
    """Return the longest part of `location` that is a setting, and its field, None if no part is one."""
    model: type[Section] | None = config
    found: tuple[Location, FieldInfo] | None = None
    for depth, part in enumerate(location, 1):
        if model is None or not isinstance(part, str) or part not in model.model_fields:
            break
        info = model.model_fields[part]
        found = (location[:depth], info)
        model = section_of(info)
    return found


def section_of(field: FieldInfo) -> type[Section] | None:
    """Return the model of a field that is a section, None for a plain setting."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None
