"""Write config.example.yaml: every setting of the schema with its default and explanation."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from sorterd.config.differences import as_written
from sorterd.config.schema import Config, Section, section_of

HEADER = """\
# All settings of sorterd with their defaults. Only `videos` must be set; delete or comment out what you do not change.
# Place: config.yaml in the folder you start sorterd from, or ~/.config/sorterd/config.yaml
# (macOS: that or ~/Library/Application Support/sorterd/config.yaml). `sorterd config check` tells what is
# wrong with it. A relative path is relative to this file; ~ is your home folder.
"""
COLUMN = 33  # where explanations begin, unless the setting is longer


def example() -> str:
    """Return the text of config.example.yaml."""
    return "\n".join([HEADER, *_lines(Config)]) + "\n"


def _lines(section: type[Section], indent: str = "") -> Iterator[str]:
    for name, field in section.model_fields.items():
        if inner := section_of(field):
            yield from ([] if indent else [""])
            yield f"{indent}{name}:"
            yield from _lines(inner, f"{indent}  ")
            continue
        differs = field.default_factory is not None  # the default depends on the system
        value = (field.examples or [""])[0] if differs or field.is_required() else as_written(field.default)
        yield f"{'#' if differs else ''}{indent}{name}: {value}".ljust(COLUMN) + f" # {field.title}"


if __name__ == "__main__":
    sys.stdout.write(example())
