"""Find the files that must wait because they look like parts of a running download."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from sorterd.changes import Known
from sorterd.library.files import Listing, SeenFile, category_of
from sorterd.library.stability import StabilityTracker
from sorterd.library.unfinished import is_silent


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is not read yet, why, and until when (seconds, wall clock) if nothing more happens."""

    path: str
    reason: str
    until: float | None = None


def waiting(
    files: Iterable[SeenFile], listing: Listing, root: Path, joining: StabilityTracker, now_ns: int
) -> dict[str, Waiting]:
    """Return those of the files that must wait, by path.

    `joining` remembers how long nothing has happened to any file of a download. After JOIN_SECONDS, a track that was
    never joined counts as an ordinary video.
    """
    found = {file.path: file for file in files if file.path in listing.unfinished}
    changed = {path: ns for path in found if (ns := listing.unfinished[path].changed_ns) is not None}
    joining.observe({path: replace(found[path], touched_ns=ns) for path, ns in changed.items()}, now_ns)
    waits: dict[str, Waiting] = {}
    for path in found:
        why = listing.unfinished[path]
        if path not in changed:
            waits[path] = Waiting(path, why.because)
        elif not joining.settled(path, now_ns) and (why.sure or not found[path].here or is_silent(root / path)):
            waits[path] = Waiting(path, why.because, joining.ready_at(path, now_ns) / 1e9)
    return waits


def at_rest(listing: Listing, known: Known, restless: AbstractSet[str]) -> Listing:
    """Return the listing without new folders in which every video is `restless`: a download may make them."""
    if not restless:
        return listing
    calm = {category_of(path) for path in listing.files if path not in restless}
    moving = {category_of(path) for path in restless} - calm
    ids = set(known.categories.values())
    left = moving - known.categories.keys() - {name for name, id in listing.categories.items() if id in ids}
    return replace(listing, categories={name: id for name, id in listing.categories.items() if name not in left})
