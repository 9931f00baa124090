"""The errors of a config, with what to do about each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sorterd.text import printable


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct.

    `key` is dotted, "" for the file as a whole. `line` is 1-based, None if unknown. `remedy` is what to do. `value` is
    the value as written in the file, None if there is none to show.
    """

    key: str
    remedy: str
    line: int | None = None
    value: str | None = None

    def __str__(self) -> str:
        where = f" (line {self.line})" if self.line else ""
        value = "" if self.value is None else f" is {printable(self.value)}"
        subject = f"{printable(self.key)}{value}{where}" if self.key else where.strip(" ()")
        return f"{subject}: {printable(self.remedy)}" if subject else printable(self.remedy)


class ConfigError(Exception):
    """The config cannot be used. `problems` are all of its problems, in the order of the file."""

    def __init__(self, source: Path | None, problems: tuple[Problem, ...]) -> None:
        name = printable(str(source)) if source else "the config"
        if len(problems) == 1:
            text = f"{name}: {problems[0]}"
        else:
            text = "\n  ".join([f"{name} has {len(problems)} problems:", *map(str, problems)])
        super().__init__(text)
        self.source = source
        self.problems = problems
