"""Write config.example.yaml: every setting of the schema with its default and explanation."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pydantic.fields import FieldInfo

from sorterd.config.differences import as_written
from sorterd.config.schema import Config
from sorterd.config.section import Section, section_of

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
    for name, field in section.model_fields.items():
        if inner := section_of(field):
            yield from ([] if indent else [""])
            yield f"{indent}{name}:"
            yield from setting_lines(inner, f"{indent}  ", commented=commented)
            continue
        differs = field.default_factory is not None  # the default depends on the system
        value = (field.examples or [""])[0] if differs or field.is_required() else as_written(field.default)
        off = differs or (commented and not field.is_required())
        yield explained(f"{'#' if off else ''}{indent}{name}: {value}", field)


def explained(line: str, field: FieldInfo) -> str:
    """Return a line with the explanation of its setting."""
    return line.ljust(COLUMN) + f" # {field.title}"


if __name__ == "__main__":
    sys.stdout.write(example())
