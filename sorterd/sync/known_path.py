"""Find the known file that a path means if it is spelt differently and no longer on disk."""

from __future__ import annotations

from sorterd.library.ask_disk import fold
from sorterd.store.store import Store


def known_path(store: Store, path: str) -> str:
    """Return the only known path that equals `path` except in case or Unicode form, else `path` itself.

    A path that is known is returned as it is. Do not call this for a path that exists on disk, which means itself.
    """
    if store.files.at(path) is not None:
        return path
    paths = {*store.files.known().files, *store.features.unreadable()}
    matches = [known for known in paths if known == path or fold(known) == fold(path)]
    return matches[0] if len(matches) == 1 else path
