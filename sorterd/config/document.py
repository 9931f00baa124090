"""Read a YAML file as plain values with the line of every key. Aliases, tags and duplicate keys are errors.

It uses `yaml.compose` rather than `safe_load`, which loses the lines, silently keeps the last of two equal keys, and
expands nested aliases without limit ("billion laughs").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from sorterd.config.problems import ConfigError, Problem

EXAMPLE = Path(__file__).parents[1] / "config.example.yaml"
"""The example that comes with sorterd, wherever that is installed. `make_example` writes it."""

MAX_BYTES = 64 * 1024  # a config has about forty lines: a larger file is another file, or an attack
MAX_DEPTH = 8  # ours has three levels; PyYAML and we recurse once per level

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ConfigDocument:
    """The values of a config file, and for each location in it the line and the text there."""

    path: Path
    values: Mapping[str, object]
    lines: Mapping[Location, int]
    texts: Mapping[Location, str]


def read_document(path: Path) -> ConfigDocument:
    """Return the content of a config file.

    Raise ConfigError if it cannot be read, is not UTF-8, not YAML, not a mapping, has a key twice, or uses aliases or
    tags.
    """
    text = _read_text(path)
    try:
        node = _Composer(text).get_single_node()
    except yaml.YAMLError as error:
        raise ConfigError(path, (_syntax_problem(error, text),)) from error
    if node is None:
        raise ConfigError(path, (Problem("", "is empty: it must at least say `videos: FOLDER`"),))
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError(path, (Problem("", "must be made of `key: value` lines, like config.example.yaml", 1),))
    reading = _Reader({}, {}, [])
    values = reading.value(node, ())
    if reading.problems:
        raise ConfigError(path, tuple(reading.problems))
    assert isinstance(values, dict)
    return ConfigDocument(path, values, reading.lines, reading.texts)


def _read_text(path: Path) -> str:
    def wrong(remedy: str, line: int | None = None) -> ConfigError:
        return ConfigError(path, (Problem("", remedy, line),))

    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise wrong(f"does not exist; copy {EXAMPLE} there, or name another file with --config") from error
    except IsADirectoryError as error:
        raise wrong("is a folder; name the config file in it") from error
    except OSError as error:
        raise wrong(f"cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise wrong(f"is larger than {MAX_BYTES // 1024} KiB, so it is not a sorterd config")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise wrong("is not UTF-8 text; save it as UTF-8 in your editor", line) from error


class _Composer(yaml.SafeLoader):
    """SafeLoader that refuses aliases and deep nesting while it composes."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise self._refusal("aliases (`*name`) are not used in this file; write the value out")
        if self.depth >= MAX_DEPTH:
            raise self._refusal("is nested too deeply")
        self.depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _refusal(self, why: str) -> yaml.YAMLError:
        return yaml.composer.ComposerError(None, None, why, self.peek_event().start_mark)  # type: ignore[no-untyped-call]


def _syntax_problem(error: yaml.YAMLError, text: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    if mark is None:  # ReaderError: a character that YAML forbids, such as NUL
        line_number = text.count("\n", 0, getattr(error, "position", 0)) + 1
        return Problem("", "holds a control character, which YAML forbids; remove it", line_number)
    what = getattr(error, "problem", None) or "is not valid YAML"
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        what = "YAML cannot be indented with tabs; use spaces"
    elif "'\\t'" in what:
        what = "YAML takes no tab there; use spaces"
    return Problem("", what, mark.line + 1)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns nodes into values, and records the location of each and the problems."""

    lines: dict[Location, int]
    texts: dict[Location, str]
    problems: list[Problem]

    def value(self, node: yaml.Node, at: Location) -> object:
        self.lines.setdefault(at, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at)
        if isinstance(node, yaml.SequenceNode):
            self.texts[at] = "a list"
            return [self.value(item, (*at, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        self.texts[at] = node.value
        return self._scalar(node, at)

    def _mapping(self, node: yaml.MappingNode, at: Location) -> dict[str, object]:
        self.texts[at] = "a section"
        values: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(Problem(dotted(at), "a key must be a plain word", line))
                continue
            key = key_node.value
            here = (*at, key)
            if key in values:
                remedy = f"already given in line {self.lines[here]}; keep one of them"
                self.problems.append(Problem(dotted(here), remedy, line))
                continue
            self.lines[here] = line
            values[key] = self.value(value_node, here)
        return values

    def _scalar(self, node: yaml.ScalarNode, at: Location) -> object:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        constructor = yaml.constructor.SafeConstructor()
        try:
            match kind:
                case "null":
                    return None
                case "bool":
                    return constructor.construct_yaml_bool(node)
                case "int":
                    return constructor.construct_yaml_int(node)
                case "float":
                    return constructor.construct_yaml_float(node)
                case "str" | "timestamp":  # a folder may be called 2023-01-01
                    return node.value
        except (ValueError, LookupError):  # "0b_", a number of thousands of digits, "!!int x", "!!bool x"
            self.problems.append(Problem(dotted(at), f"cannot be read as {kind}", self.lines[at], node.value))
            return None
        remedy = f"YAML tags such as {node.tag} are not used in this file; remove it"
        self.problems.append(Problem(dotted(at), remedy, self.lines[at], node.value))
        return None


def dotted(at: Location) -> str:
    """Return the name of a location as users write it: `move.threshold`, `train.candidates[1]`."""
    name = ""
    for part in at:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name
