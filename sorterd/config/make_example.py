"""Write config.example.yaml: every setting of the schema with its default and explanation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import MISSING

from sorterd.config.differences import as_written
from sorterd.config.schema import Config
from sorterd.config.section import Section, Setting, settings

HEADER = """\
# All settings of sorterd with their defaults. Only `videos` must be set; delete or comment out what you do not change.
# Place: config.yaml in the folder you start sorterd from, or ~/.config/sorterd/config.yaml
# (macOS: that or ~/Library/Application Support/sorterd/config.yaml). `sorterd config check` tells what is
# wrong with it. A relative path is relative to this file; ~ is your home folder.
"""
COLUMN = 33  # where explanations begin, unless the setting is longer


def example() -> str:
    """Return the text of config.example.yaml."""
    return "\n".join([HEADER, *setting_lines(Config)]) + "\n"


def setting_lines(section: type[Section], indent: str = "", *, commented: bool = False) -> Iterator[str]:
    """Yield a line for each setting of a section: its default and its explanation.

    `commented`: only what has no default is in force.
    """
    for name, one in settings(section).items():
        if not isinstance(one, Setting):
            yield from ([] if indent else [""])
            yield f"{indent}{name}:"
            yield from setting_lines(one, f"{indent}  ", commented=commented)
            continue
        off = callable(one.default) or (commented and one.default is not MISSING)
        yield explained(f"{'#' if off else ''}{indent}{name}: {one.example or as_written(one.default)}", one)


def explained(line: str, setting: Setting) -> str:
    """Return a line with the explanation of its setting."""
    return line.ljust(COLUMN) + f" # {setting.meaning}"


if __name__ == "__main__":
    sys.stdout.write(example())
