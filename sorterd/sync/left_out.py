"""What the last sync left out, noted for `status`: a video that nobody sees is a question that nobody can ask."""

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
    """Remember how many files and folders were left alone for which reason, and which files wait for what."""
    counts = Counter(reason for _, reason in listing.left_alone)
    waiting = [[wait.path, wait.reason, wait.until] for wait in sorted(waits, key=lambda wait: wait.path)]
    notes.keep(LEFT_ALONE, dict(sorted(counts.items())))
    notes.keep(WAITING, waiting)


def why_left_out(notes: Notes, root: Path, path: str, rules: LayoutRules) -> str | None:
    """Why nothing is known of the file at a relative path; None if nothing is left out there."""
    waits = {wait["path"]: wait["reason"] for wait in left_out(notes)["waiting"]}
    return waits.get(path) or why_left_alone(root, path, rules)


def left_out(notes: Notes) -> dict[str, Any]:
    """The part of the status document about it: how many were left alone, by reason, and what waits."""
    waiting = notes.get(WAITING) or []
    return {
        "left_alone": notes.get(LEFT_ALONE) or {},
        "waiting": [{"path": path, "reason": reason, "until": until} for path, reason, until in waiting],
    }
