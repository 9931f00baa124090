"""Compare two configs."""

from __future__ import annotations

from sorterd.config.origins import flat
from sorterd.config.schema import Config


def differences(before: Config, after: Config) -> list[str]:
    """Return one phrase per setting that differs, such as "move.threshold 0.85 -> 0.9"."""
    old, new = dict(flat(before.values())), dict(flat(after.values()))
    return [f"{name} {as_written(old[name])} -> {as_written(new[name])}" for name in new if old[name] != new[name]]


def as_written(value: object) -> str:
    """Return a value as it is written in the file."""
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(as_written, value))}]"
    if value == "":
        return '""'  # nothing at all would be null
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")
