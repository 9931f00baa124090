"""Compare two configs."""

from __future__ import annotations

from collections.abc import Iterator

from sorterd.config.schema import Config
from sorterd.config.section import Section


def differences(before: Config, after: Config) -> list[str]:
    """Return one phrase per setting that differs, such as "move.threshold 0.85 -> 0.9"."""
    old, new = dict(settings_of(before)), dict(settings_of(after))
    return [f"{name} {as_written(old[name])} -> {as_written(new[name])}" for name in new if old[name] != new[name]]


def settings_of(section: Section, above: str = "") -> Iterator[tuple[str, object]]:
    """Yield the full name and the value of each setting, such as "move.threshold" and 0.85."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from settings_of(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def as_written(value: object) -> str:
    """Return a value as it is written in the file."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(as_written, value))}]"
    if value == "":
        return '""'  # nothing at all would be null
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")
