"""Record which files the last sync left out, so that `status` can say why a video is not sorted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sorterd.library.files import Listing
from sorterd.library.layout import LayoutRules
from sorterd.library.left_alone import why_left_alone
from sorterd.store.notes import Notes
from sorterd.store.settings import LEFT_ALONE, WAITING
from sorterd.sync.unfinished_downloads import Waiting


def note_left_out(notes: Notes, listing: Listing, waits: Iterable[Waiting]) -> None:
    """Record how many files and folders were left alone, by reason, and which files wait for what."""
    counts = Counter(reason for _, reason in listing.left_alone)
    waiting = [[wait.path, wait.reason, wait.until] for wait in sorted(waits, key=lambda wait: wait.path)]
    notes.keep(LEFT_ALONE, dict(sorted(counts.items())))
    notes.keep(WAITING, waiting)


def why_left_out(notes: Notes, root: Path, path: str, rules: LayoutRules) -> str | None:
    """Return why the file at a relative path was left out, None if it was not."""
    waits = {wait["path"]: wait["reason"] for wait in left_out(notes)["waiting"]}
    return waits.get(path) or why_left_alone(root, path, rules)


def left_out(notes: Notes) -> dict[str, Any]:
    """Return this part of the status document: how many files were left alone, by reason, and which files wait."""
    waiting = notes.get(WAITING) or []
    return {
        "left_alone": notes.get(LEFT_ALONE) or {},
        "waiting": [{"path": path, "reason": reason, "until": until} for path, reason, until in waiting],
    }
