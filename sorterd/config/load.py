"""Load a YAML file as a Config, or raise everything that is wrong with it."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import MISSING, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from sorterd.config.document import EXAMPLE, ConfigDocument, Location, dotted, read_document
from sorterd.config.home import config_home, expanded, home
from sorterd.config.problems import ConfigError, Problem
from sorterd.config.schema import Config
from sorterd.config.section import Section, Setting, all_settings, settings
from sorterd.config.values import Kind, Schema, fits

S = TypeVar("S", bound=Section)


def load_config(path: Path | None = None) -> Config:
    """Return the settings in a config file. Raise ConfigError with all of its problems.

    Without a path, `config.yaml` in the current folder is taken, else `sorterd/config.yaml` in the user's config folder
    ($XDG_CONFIG_HOME or ~/.config, on macOS ~/Library/Application Support or ~/.config). `check_folders` checks the
    folders that the settings name.
    """
    path = find_config(path)
    document = read_document(path)
    reading = _Reading(document)
    config = reading.section(Config, document.values)
    if reading.problems:
        raise ConfigError(path, tuple(sorted(reading.problems, key=lambda problem: problem.line or 0)))
    return replace(config, document=document)


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


class _Reading:
    """Makes the settings of a document, and collects what is wrong with them."""

    def __init__(self, document: ConfigDocument) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def section(self, section: type[S], values: Mapping[str, object], at: Location = ()) -> S:
        """Return a section. It cannot be used if there are problems."""
        known = settings(section)
        read: dict[str, object] = {}
        for name, value in values.items():
            here, one = (*at, name), known.get(name)
            if one is None:
                self.problems.append(Problem(dotted(here), _unknown_key(here), self.document.lines[here]))
            elif isinstance(one, Setting):
                read[name] = self._value(one.kind, value, here)
            elif isinstance(value, dict):
                read[name] = self.section(one, value, here)
            elif value is not None:  # if all lines of `move:` are commented out, that means the defaults
                self._wrong(here, "a section: `key: value` lines, indented below it", {}, value)
        for name, one in known.items():
            if isinstance(one, Setting) and one.default is MISSING and name not in values:
                read[name] = None
                self.problems.append(Problem(dotted((*at, name)), f"missing; it must be {one.kind.must_be}"))
        return section(**read)

    def _value(self, kind: Kind, value: object, at: Location) -> object:
        wrong: list[int] = []
        if isinstance(value, list) and (items := kind.schema.get("items")):
            wrong = [index for index, item in enumerate(value) if not fits(item, items)]
            for index in wrong:  # rather the wrong item of a list than the list
                self._wrong((*at, index), kind.must_be, items, value[index])
        if not wrong:
            try:
                return kind.read(value, self.document.path.parent)
            except ValueError:
                self._wrong(at, kind.must_be, kind.schema, value)
        return None

    def _wrong(self, at: Location, must_be: str, schema: Schema, value: object) -> None:
        text = self.document.texts[at]
        remedy = f"must be {must_be}{_hint(dotted(at), schema, text, value)}"
        self.problems.append(Problem(dotted(at), remedy, self.document.lines[at], text or "empty"))


def _hint(key: str, schema: Schema, text: str, value: object) -> str:
    """Return what the user may have meant by `text`, as the end of a sentence, or ""."""
    takes = {one.get("type") for one in schema.get("anyOf", [schema])}
    if value is None:
        return ' (a lone ~ means "nothing" in YAML; write "~" in quotes)' if text == "~" else ""
    if isinstance(value, bool):
        quotable = text.lower() not in ("true", "false")
        return f" (a bare {text} means {str(value).lower()} in YAML; quote it to mean the word)" if quotable else ""
    if isinstance(value, int | float):
        if key == "move.threshold" and 1 < value <= 100:
            return f"; did you mean {value / 100:g}?"
        return f'; write "{text}" in quotes' if "string" in takes and key != "work.window" else ""  # 22:00 is a number
    if isinstance(value, str):
        if value.startswith("~") and schema.get("format") == "path":
            return "; there is no home folder that this could mean, so write the path in full"
        if takes & {"integer", "number"} and re.fullmatch(r"[+-]?\d+(\.\d*)?(e[+-]?\d+)?", text.strip(), re.IGNORECASE):
            return f"; write {float(text):g} without quotes"
        words = [word for word in schema.get("examples", schema.get("enum", ())) if isinstance(word, str)]
        if similar := get_close_matches(text.lower(), words, n=1, cutoff=0.7):
            return f"; did you mean {similar[0]}?"
    return ""


def _unknown_key(location: Location) -> str:
    """Return a remedy for an unknown key: a similar key of the same section, or the same key of another section."""
    key = str(location[-1])
    names = {dotted(known): known for known in all_settings(Config)}
    here = [name for name, known in names.items() if known[:-1] == location[:-1]]
    elsewhere = [name for name, known in names.items() if known[-1] == key]
    similar = get_close_matches(dotted(location), here, n=1, cutoff=0.7)
    if similar or elsewhere:
        return f"not a setting; did you mean {(similar or elsewhere)[0]}?"
    ends = {str(known[-1]): name for name, known in names.items()}
    if similar := get_close_matches(key, ends, n=1, cutoff=0.8):
        return f"not a setting; did you mean {ends[similar[0]]}?"
    return "not a setting; remove it (config.example.yaml lists all that there are)"
