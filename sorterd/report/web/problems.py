"""The section on problems: faults with the same reason together, the most frequent first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NAMED = 100  # files per reason
AT_ONCE = 3  # that are seen without a click


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """A reason and the files that it is about. `count` may be more than are named."""

    reason: str
    files: Sequence[str]
    count: int


def blocking(status: Mapping[str, Any]) -> list[str]:
    """Return what keeps the whole service from working."""
    found = [status.get("disk"), status.get("blocked")]
    if status["running"] and not status["watcher"]["healthy"]:
        found.append(status["watcher"]["reason"])
    return [one for one in found if one]


def grouped(errors: Sequence[Mapping[str, str]]) -> list[ProblemGroup]:
    """Return the problems of a status document."""
    files: dict[str, list[str]] = {}
    for error in errors:
        files.setdefault(error["reason"], []).extend([error["path"]] if error["path"] else [])
    found = [ProblemGroup(reason, paths[:NAMED], len(paths)) for reason, paths in files.items()]
    return sorted(found, key=lambda one: -one.count)
