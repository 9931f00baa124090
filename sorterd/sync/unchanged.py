"""Whether a sync would find anything, without changing what is known."""

from __future__ import annotations

from pathlib import Path

from sorterd.library.layout import LayoutRules
from sorterd.library.scan import scan
from sorterd.store.store import Store


def unchanged(root: Path, rules: LayoutRules, store: Store, *, now: float) -> bool:
    """Return whether all files and folders on the disk are those that are known, and no move was cut short.

    Files that could not be read count as known until their next try. Raise RootUnavailable.
    """
    if store.journal.unfinished():
        return False
    listing, known = scan(root, rules), store.files.known()
    unreadable = {path: id for path, (id, _, retry_at) in store.features.unreadable().items() if retry_at > now}
    there = {path: file.id for path, file in listing.files.items()}
    files = {path: file.id for path, file in known.files.items() if file.fingerprint}  # "": to be read again
    return not listing.unreadable and there == unreadable | files and listing.categories == known.categories
