"""Why the folder of videos cannot be used now, worked out without the service."""

from __future__ import annotations

import errno

from sorterd.library.places import Place, look_at
from sorterd.store.settings import ROOT
from sorterd.store.store import Store

SAMPLE = 5


def disk_trouble(store: Store, root: Place) -> str | None:
    """Return one sentence on why the folder of videos, found as `root`, cannot be used, None if it can."""
    if root.trouble is not None:
        return f"{root.path} {root.trouble}"
    noted = store.notes.get(ROOT)
    if noted is not None and noted[0] != root.device and _all_missing(store, root):
        return f"{root.path} is on another file system than before and holds none of its videos; is its disk mounted?"
    if root.read_only:
        return f"{root.path} is mounted read-only: nothing can be moved until it is mounted read-write"
    return None


def _all_missing(store: Store, root: Place) -> bool:
    some = [root.path / path for path in store.files.some_paths(SAMPLE)]
    return bool(some) and all(place.error == errno.ENOENT for place in look_at(*some))
