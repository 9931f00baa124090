"""The kinds of values that settings have: what each must be, as a JSON schema too, and what is made of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sorterd.defaults import HEADS
from sorterd.pool_address import split
from sorterd.work_window import ALWAYS, SCHEMA_PATTERN, WorkWindow

WHISPER_SIZES = (
    "tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "medium.en", "large", "large-v1", "large-v2",
    "large-v3", "large-v3-turbo", "turbo", "distil-small.en", "distil-medium.en", "distil-large-v2", "distil-large-v3",
)  # fmt: skip
TYPES: Mapping[str, Any] = {"boolean": bool, "integer": int, "number": int | float, "string": str, "array": list}
MAX = sys.float_info.max
Schema = Mapping[str, Any]
TEXT: Schema = {"type": "string"}
NAME: Schema = {**TEXT, "minLength": 1}
PATH: Schema = {**TEXT, "format": "path"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value. `must_be` ends the sentence "must be ...". `made` makes the setting, or raises ValueError."""

    must_be: str
    schema: Schema
    made: Callable[[Any, Path], object] | None = None

    def read(self, value: Any, folder: Path) -> object:
        """Return a value of YAML as a setting. Paths are relative to `folder`. Raise ValueError if it is none."""
        if not fits(value, self.schema):
            raise ValueError(f"not {self.must_be}")
        if self.made:
            return self.made(value, folder)
        if self.schema.get("type") == "number":
            return float(value)
        return tuple(value) if isinstance(value, list) else value


def fits(value: Any, schema: Schema) -> bool:
    """Return whether a value is as a JSON schema says, as far as the schemas of this file go. Pure."""
    if "anyOf" in schema:
        return any(fits(value, one) for one in schema["anyOf"])
    if "enum" in schema:
        return any(value is one or (isinstance(value, str) and value == one) for one in schema["enum"])
    kind = schema["type"]
    if not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return False
    if kind in ("integer", "number"):
        inside: bool = schema.get("minimum", -MAX) <= value <= schema.get("maximum", MAX)
        return inside and (value > schema.get("exclusiveMinimum", -MAX))
    return kind == "boolean" or bool(len(value) >= schema.get("minLength", schema.get("minItems", 0)))


def choice(*words: str) -> Kind:
    return Kind(f"{', '.join(words[:-1])} or {words[-1]}", {"enum": list(words)})


def count(low: int, high: int) -> Kind:
    return Kind(f"a whole number from {low} to {high}", {"type": "integer", "minimum": low, "maximum": high})


def number(must_be: str, **limits: float) -> Kind:
    return Kind(must_be, {"type": "number", **limits})


def words(must_be: str, made: Callable[[list[str], Path], object] | None = None, **limits: object) -> Kind:
    return Kind(must_be, {"type": "array", "items": TEXT, **limits}, made)


def path(must_be: str) -> Kind:
    return Kind(must_be, PATH, path_of)


def path_of(value: str, folder: Path) -> Path:
    """Return the path in a setting, `~` expanded, relative to the config's own folder."""
    if not value.strip() or "\0" in value:
        raise ValueError("no path")
    try:
        path = folder / Path(value).expanduser()
    except RuntimeError as error:  # `~nobody/videos`: no such user
        raise ValueError(str(error)) from error
    return path.resolve() if ".." in path.parts else path


def path_or_name(value: str, folder: Path) -> str:
    """Return a name such as `openai` unchanged, and a path (`./clip.pt`, `~/clip.pt`, `models/clip`) in full."""
    return str(path_of(value, folder)) if os.sep in value or value.startswith(("~", ".")) else value


def speech_model(value: str | Literal[False], folder: Path) -> str:
    model = path_or_name(value or "off", folder)
    if not Path(model).is_absolute() and model not in ("off", *WHISPER_SIZES):
        raise ValueError("unknown size")
    return model


def extensions_of(values: list[str], _: Path) -> tuple[str, ...]:
    """Return extensions in lower case with a leading dot, each once: `MP4`, `.mp4` and `mp4` are the same."""
    extensions = dict.fromkeys("." + value.lower().removeprefix(".") for value in values)
    if any(len(extension) < 2 or not extension[1:].isalnum() for extension in extensions):
        raise ValueError("not an extension")
    return tuple(extensions)


def pool_address(value: str, _: Path) -> str:
    if value:
        split(value)
    return value


SWITCH = Kind("true or false", {"type": "boolean"})
WEEK = 7 * 24 * 3600
SECONDS = number("a number of seconds above 0, at most 604800 (a week)", exclusiveMinimum=0, maximum=WEEK)
PAUSE = number("a number of seconds from 0 to 604800 (a week)", minimum=0, maximum=WEEK)
SHARE = number("between 0 and 1", minimum=0, maximum=1)
AUTO_OR_COUNT = Kind(
    "auto or a whole number of at least 1",
    {"anyOf": [{"enum": ["auto"]}, {"type": "integer", "minimum": 1}], "examples": ["auto", 8]},
)
NEVER_OR_DAYS = Kind(
    "never, or a number of days above 0",
    {"anyOf": [{"enum": ["never"]}, {"type": "number", "exclusiveMinimum": 0}], "examples": ["never", 14]},
)
CANDIDATES = words(f"a list of one or more of {', '.join(HEADS)}", items={"enum": list(HEADS)}, minItems=1)
EXTENSIONS = words("a list of file name extensions such as [mp4, mov]", extensions_of, minItems=1)
SPEECH_MODEL = Kind(
    "a Whisper size such as base, the path of a CTranslate2 folder, or off",
    {"anyOf": [NAME, {"enum": [False]}], "examples": ["off", *WHISPER_SIZES]},  # YAML 1.1 reads a bare `off` as false
    speech_model,
)
WINDOW = Kind(
    f"{ALWAYS}, or two times of day such as 22:00-07:00",
    {**TEXT, "pattern": SCHEMA_PATTERN, "examples": [ALWAYS, "22:00-07:00"]},
    lambda value, _: str(WorkWindow.parse(value)),  # as it is usually written: "22:00 - 7:00" becomes 22:00-07:00
)
CLIP_MODEL = Kind("auto, or the name of an open_clip model", NAME)
CLIP_WEIGHTS = Kind(
    "auto, an open_clip tag such as openai, or the path of a checkpoint or of its folder", NAME, path_or_name
)
ADDRESS = 'an address of this computer such as 192.168.1.20, 0.0.0.0 for all of them, or ""'
LISTEN = Kind(ADDRESS, TEXT)
POOL_LISTEN = Kind(ADDRESS, TEXT, pool_address)
INVITATIONS = Kind('the path of a folder, or ""', PATH, lambda value, base: str(path_of(value, base)) if value else "")
