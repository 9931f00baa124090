"""The kinds of values that settings have: how each is read, its limits, and its JSON schema."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from sorterd.defaults import HEADS
from sorterd.work_window import SCHEMA_PATTERN, WorkWindow

WHISPER_SIZES = (
    "tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "medium.en", "large", "large-v1", "large-v2",
    "large-v3", "large-v3-turbo", "turbo", "distil-small.en", "distil-medium.en", "distil-large-v2", "distil-large-v3",
)  # fmt: skip


def path_of(value: object, info: ValidationInfo) -> object:
    """Return the path in a setting, `~` expanded, relative to `info.context`, which is the config's own folder."""
    if not isinstance(value, str):
        return value
    if not value.strip() or "\0" in value:
        raise ValueError("no path")
    base: Path = info.context if isinstance(info.context, Path) else Path.cwd()
    try:
        path = base / Path(value).expanduser()
    except RuntimeError as error:  # `~nobody/videos`: no such user
        raise ValueError(str(error)) from error
    return path.resolve() if ".." in path.parts else path


def path_or_name(value: object, info: ValidationInfo) -> object:
    """Return a name such as `openai` unchanged, and a path (`./clip.pt`, `~/clip.pt`, `models/clip`) in full."""
    if isinstance(value, str) and (os.sep in value or value.startswith(("~", "."))):
        return str(path_of(value, info))
    return value


def speech_model(value: object, info: ValidationInfo) -> object:
    if value is False:  # YAML 1.1 reads a bare `off` as false
        return "off"
    value = path_or_name(value, info)
    if isinstance(value, str) and not Path(value).is_absolute() and value not in ("off", *WHISPER_SIZES):
        raise ValueError("unknown size")
    return value


def extensions_of(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return extensions in lower case with a leading dot, each once: `MP4`, `.mp4` and `mp4` are the same."""
    extensions = dict.fromkeys("." + value.lower().removeprefix(".") for value in values)
    if any(len(extension) < 2 or not extension[1:].isalnum() for extension in extensions):
        raise ValueError("not an extension")
    return tuple(extensions)


def candidate(value: str) -> str:
    if value not in HEADS:
        raise ValueError("unknown candidate")
    return value


def auto_or_count(value: object) -> object:
    if value == "auto" or (type(value) is int and value >= 1):
        return value
    raise ValueError("neither auto nor a count")


def never_or_days(value: object) -> object:
    if value == "never" or (type(value) in (int, float) and 0 < value < float("inf")):  # type: ignore[operator]
        return value
    raise ValueError("neither never nor a number of days")


def work_window_of(value: object) -> object:
    """Return a window as it is usually written: "22:00 - 7:00" becomes 22:00-07:00."""
    return str(WorkWindow.parse(value)) if isinstance(value, str) else value


Candidate = Annotated[str, AfterValidator(candidate), WithJsonSchema({"type": "string", "enum": list(HEADS)})]
FilePath = Annotated[Path, BeforeValidator(path_of)]
AUTO_OR_COUNT = WithJsonSchema({"anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1}]})
NEVER_OR_DAYS = WithJsonSchema({"anyOf": [{"const": "never"}, {"type": "number", "exclusiveMinimum": 0}]})
WINDOW = WithJsonSchema({"type": "string", "pattern": SCHEMA_PATTERN})
SECTION = "a section: `key: value` lines, indented below it"
Switch = Annotated[bool, Field(description="true or false")]
WEEK = 7 * 24 * 3600.0
Seconds = Annotated[float, Field(gt=0, le=WEEK, description="a number of seconds above 0, at most 604800 (a week)")]
Pause = Annotated[float, Field(ge=0, le=WEEK, description="a number of seconds from 0 to 604800 (a week)")]
Words = Annotated[tuple[str, ...], Field(strict=False)]  # strict mode would reject a list for a tuple
