"""Which known file is meant by a path that is spelt otherwise, where the disk cannot tell."""

from __future__ import annotations

from sorterd.library.ask_disk import fold
from sorterd.store.store import Store


def known_path(store: Store, path: str) -> str:
    """The path itself if it is known, else the only known one that differs in case or Unicode form alone, else itself.

    Not for a path that exists on the disk: that is what is meant, known or not.
    """
    if store.files.at(path) is not None:
        return path
    paths = {*store.files.known().files, *store.features.unreadable()}
    meant = [known for known in paths if known == path or fold(known) == fold(path)]
    return meant[0] if len(meant) == 1 else path
