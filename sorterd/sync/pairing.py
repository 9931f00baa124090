"""Pair the files that left known paths with those that came to others: these are the moves. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set

from sorterd.changes import KnownFile
from sorterd.library.files import Listing, category_of
from sorterd.sync.conversions import core_of


def pair(
    left: Mapping[str, KnownFile],
    came: Mapping[str, str],
    listing: Listing,
    awaited: Set[str],
    filed: Set[tuple[str, str | None]],
) -> dict[str, KnownFile]:
    """Return for each new path the known file that was moved there.

    It has the same content. Of several candidates, the order is: the same inode, the same category, the same name, any.
    A file that is `awaited` may be in a file that is not yet read, so it is paired only by its inode. If the category
    already held the content (`filed`), a new file there is a copy of that rather than a move from another category.
    """
    waiting: defaultdict[str, list[KnownFile]] = defaultdict(list)
    for path in sorted(left):
        waiting[left[path].fingerprint].append(left[path])
    pairs: dict[str, KnownFile] = {}

    def similarity(origin: KnownFile, path: str) -> int:
        if origin.id == listing.files[path].id:  # of two hard links the one in the same category
            return 3 + (origin.category == category_of(path))
        if origin.path in awaited:
            return -1
        if origin.category == category_of(path):
            return 2
        if (origin.fingerprint, category_of(path)) in filed:
            return -1
        return int(_name(origin.path) == _name(path))

    for least in (4, 3, 2, 1, 0):
        for path in sorted(came):
            origins = waiting[came[path]]
            best = next((origin for origin in origins if similarity(origin, path) >= least), None)
            if path not in pairs and best is not None:
                pairs[path] = best
                origins.remove(best)
    return pairs


def before_their_copies(moves: Mapping[str, KnownFile], pending: Set[str], listing: Listing) -> list[str]:
    """Return to which paths our files were taken from categories where a `pending` file may be a copy of them.

    A copy in the same category has the same label, but only if it is known before the first file leaves. It may have
    the same size, or a similar name while it is being written. If another known file was moved to the place of the
    first one, there is no waiting.
    """
    copies = {(category_of(path), listing.files[path].id.size) for path in pending} | set(map(core_of, pending))
    return [
        path
        for path, file in moves.items()
        if file.ours
        and file.category != category_of(path)
        and file.path not in moves
        and ((file.category, file.id.size) in copies or core_of(file.path) in copies)
    ]


def _name(path: str) -> str:
    return path.rpartition("/")[2]
