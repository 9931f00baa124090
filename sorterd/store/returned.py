"""Videos that were gone for a while and come back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeGuard

from sorterd.changes import Arrived, Change, Converted, Copied, Gone, LabelChange
from sorterd.store.departed import Departed
from sorterd.store.rejections import record_label_change


def with_returned(connection: sqlite3.Connection, changes: Sequence[Change], now: float) -> list[Change]:
    """Return the changes with the earlier labels of files that came back to where we had put them.

    A file that came back elsewhere was taken out of our category, which records a rejection. Files that are gone now
    are remembered for when they come back. Call this before `Files.put`, which forgets departed labels, because several
    files of one content may have come back together.
    """
    departed = Departed(connection)
    came = [change.file for change in changes if _comes(change)]
    places = {(file.fingerprint, file.category) for file in came}
    new = {change.file.fingerprint for change in changes if isinstance(change, Arrived | Converted)}
    found: list[Change] = []
    for change in changes:
        if _comes(change) and change.file.fingerprint in new:
            change = replace(change, file=departed.returned(change.file))
        found.append(change)
    for file in came:
        for category in departed.elsewhere(file):
            if (file.fingerprint, category) not in places:
                record_label_change(connection, LabelChange(file.fingerprint, rejected=category, corrected=True), now)
    for change in changes:
        if isinstance(change, Gone) and not change.elsewhere:
            departed.remember(change.file, now=now)
    return found


def _comes(change: Change) -> TypeGuard[Arrived | Copied | Converted]:
    """Return whether the change is about a new path rather than other content at a known one."""
    in_place = isinstance(change, Converted) and change.file.path == change.origin.path
    return isinstance(change, Arrived | Copied | Converted) and not in_place
