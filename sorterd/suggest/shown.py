"""The groups that were shown, so that what is filed is what was seen. It can be deleted at any time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from sorterd.artifact_names import SUGGESTIONS
from sorterd.artifacts import write_json
from sorterd.suggest.suggested import FEWEST, Suggestion, group_id
from sorterd.text import printable

KEPT = 200  # groups
LAST = "last shown"  # beside the groups: the ids of the last ones


def remember(folder: Path, suggestions: Iterable[Suggestion]) -> None:
    """Add these groups to those that were shown before. Raise OSError."""
    shown = {
        one.id: [[v, printable(path)] for v, path in zip(one.videos, one.paths, strict=True)] for one in suggestions
    }
    before = {name: videos for name, videos in _read(folder).items() if name not in shown and name != LAST}
    kept = dict([*before.items(), *shown.items()][-KEPT:])
    write_json(folder / SUGGESTIONS, {**kept, LAST: list(shown)})


def still_waiting(folder: Path, inbox: Collection[str]) -> int:
    """Return how many of the groups that were shown last still have enough videos in the inbox to be a group."""
    kept = _read(folder)
    last = kept.get(LAST)
    groups = [_group(kept, one) or {} for one in last] if isinstance(last, list) else []
    return sum(len(group.keys() & inbox) >= FEWEST for group in groups)


def recall(folder: Path, id: str) -> dict[str, str] | None:
    """Return the videos of a group that was shown, with a printable path of each, or None if there was none."""
    return _group(_read(folder), id)


def _group(kept: dict[str, Any], id: str) -> dict[str, str] | None:
    try:
        videos = {str(video): str(path) for video, path in kept[id]}
    except (KeyError, TypeError, ValueError):
        return None
    return videos if group_id(videos) == id else None


def _read(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / SUGGESTIONS).read_bytes())
    except (OSError, ValueError, RecursionError):  # it is written again the next time
        return {}
    return found if isinstance(found, dict) else {}
