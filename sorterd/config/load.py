"""Load a YAML file as a Config, or raise everything that is wrong with it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from sorterd.config.document import EXAMPLE, ConfigDocument, Location, dotted, read_document
from sorterd.config.home import config_home, expanded, home
from sorterd.config.problems import ConfigError, Problem
from sorterd.config.schema import Config
from sorterd.config.section import Section, field_at, section_of


def load_config(path: Path | None = None) -> Config:
    """Return the settings in a config file. Raise ConfigError with all of its problems.

    Without a path, `config.yaml` in the current folder is taken, else `sorterd/config.yaml` in the user's config folder
    ($XDG_CONFIG_HOME or ~/.config, on macOS ~/Library/Application Support or ~/.config). `check_folders` checks the
    folders that the settings name.
    """
    path = find_config(path)
    document = read_document(path)
    values = _without_empty_sections(document.values)
    try:
        config = Config.model_validate(values, context=path.parent)
    except ValidationError as error:
        raise ConfigError(path, _problems(error, document)) from error
    config._origin = document
    return config


def search_path() -> tuple[Path, ...]:
    """Return where `load_config` looks for a config: in the current folder, then in the user's config folder."""
    places = [Path("config.yaml")]
    if (usual := config_home()) is not None:
        places.append(usual / "config.yaml")
    if sys.platform == "darwin" and (own := home()) is not None:  # where users who know it from Linux put it
        places.append(own / ".config" / "sorterd" / "config.yaml")
    return tuple(places)


def find_config(path: Path | None = None) -> Path:
    """Return the absolute path of the config that is named, or else found. Raise ConfigError if none is found."""
    if path is not None:
        return expanded(path)
    places = search_path()
    for place in places:
        if place.is_file():
            return expanded(place)
    looked = " or ".join(str(place) for place in places)
    remedy = f"not found as {looked}; 'sorterd setup' writes one; or name a file with --config (example: {EXAMPLE})"
    raise ConfigError(None, (Problem("", remedy),))


def _without_empty_sections(values: Mapping[str, object], model: type[Section] = Config) -> dict[str, object]:
    """Drop sections without a value. If all lines of `move:` are commented out, that means the defaults, not null."""
    kept: dict[str, object] = {}
    for key, value in values.items():
        field = model.model_fields.get(key)
        section = section_of(field) if field else None
        if section and isinstance(value, dict):
            kept[key] = _without_empty_sections(value, section)
        elif not section or value is not None:
            kept[key] = value
    return kept


def _problems(error: ValidationError, document: ConfigDocument) -> tuple[Problem, ...]:
    """Return one problem per setting in the order of the file. Pydantic reports one per member of a union."""
    found: dict[str, Problem] = {}
    for detail in error.errors(include_url=False, include_context=False):
        problem = _problem(detail, document)
        found.setdefault(problem.key, problem)
    return tuple(sorted(found.values(), key=lambda problem: problem.line or 0))


def _problem(detail: ErrorDetails, document: ConfigDocument) -> Problem:
    location = detail["loc"]
    if detail["type"] == "extra_forbidden":
        return Problem(dotted(location), _unknown_key(location), document.lines.get(location))
    located = field_at(Config, location)
    assert located is not None, location
    setting, field = located
    place = location if location in document.texts else setting  # rather the invalid item of a list than the list
    if detail["type"] == "missing":
        return Problem(dotted(setting), f"missing; it must be {field.description}")
    text = document.texts[place]
    remedy = f"must be {field.description}{_hint(dotted(setting), field, text, detail['input'])}"
    return Problem(dotted(place), remedy, document.lines[place], text if text else "empty")


def _hint(key: str, field: FieldInfo, text: str, value: object) -> str:
    """Return what the user may have meant by `text`, as the end of a sentence, or ""."""
    takes = {field.annotation, *get_args(field.annotation)}
    if isinstance(value, str) and value.startswith("~") and takes & {Path}:
        return "; there is no home folder that this could mean, so write the path in full"
    if value is None:
        return ' (a lone ~ means "nothing" in YAML; write "~" in quotes)' if text == "~" else ""
    if key == "move.threshold" and isinstance(value, int | float) and 1 < value <= 100:
        return f"; did you mean {value / 100:g}?"
    if isinstance(value, bool):
        quotable = text.lower() not in ("true", "false")
        return f" (a bare {text} means {str(value).lower()} in YAML; quote it to mean the word)" if quotable else ""
    if isinstance(value, int | float) and takes & {str, Path} and key != "work.window":  # 22:00 is 1320 in YAML
        return f'; write "{text}" in quotes'
    if isinstance(value, str):
        if takes & {int, float} and re.fullmatch(r"[+-]?\d+(\.\d*)?(e[+-]?\d+)?", text.strip(), re.IGNORECASE):
            return f"; write {float(text):g} without quotes"
        if similar := get_close_matches(text.lower(), field.examples or _literals(field.annotation), n=1, cutoff=0.7):
            return f"; did you mean {similar[0]}?"
    return ""


def _literals(annotation: object) -> list[str]:
    """Return the strings of a Literal, also one inside a union."""
    return [word for part in get_args(annotation) for word in ([part] if isinstance(part, str) else _literals(part))]


def _unknown_key(location: Location) -> str:
    """Return a remedy for an unknown key: a similar key of the same section, or the same key of another section."""
    key = str(location[-1])
    names = {dotted(known): known for known in _all_keys(Config)}
    here = [name for name, known in names.items() if known[:-1] == location[:-1]]
    elsewhere = [name for name, known in names.items() if known[-1] == key]
    similar = get_close_matches(dotted(location), here, n=1, cutoff=0.7)
    if similar or elsewhere:
        return f"not a setting; did you mean {(similar or elsewhere)[0]}?"
    ends = {str(known[-1]): name for name, known in names.items()}
    if similar := get_close_matches(key, ends, n=1, cutoff=0.8):
        return f"not a setting; did you mean {ends[similar[0]]}?"
    return "not a setting; remove it (config.example.yaml lists all that there are)"


def _all_keys(model: type[Section], at: Location = ()) -> Iterator[Location]:
    for name, field in model.model_fields.items():
        here = (*at, name)
        yield here
        if section := section_of(field):
            yield from _all_keys(section, here)
