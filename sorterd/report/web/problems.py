"""The section on problems: faults with the same reason together, the most frequent first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NAMED = 100  # files per reason
AT_ONCE = 3  # that are seen without a click


def blocking(status: Mapping[str, Any]) -> list[str]:
    """Return what keeps the whole service from working."""
    found = [status.get("disk"), status.get("blocked")]
    if status["running"] and not status["watcher"]["healthy"]:
        found.append(status["watcher"]["reason"])
    return [one for one in found if one]


def grouped(errors: Sequence[Mapping[str, str]]) -> list[tuple[str, list[str]]]:
    """Return the reasons in a status document and the files that each is about, the most frequent first."""
    files: dict[str, list[str]] = {}
    for error in errors:
        files.setdefault(error["reason"], []).extend([error["path"]] if error["path"] else [])
    return sorted(files.items(), key=lambda one: -len(one[1]))
