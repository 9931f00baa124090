"""What the user says without moving a video: that it belongs in none of some folders."""

from __future__ import annotations

from collections.abc import Sequence

from sorterd.changes import KnownFile
from sorterd.store import rejections
from sorterd.store.store import Store


def reject(store: Store, file: KnownFile, folders: Sequence[str], *, now: float) -> list[str]:
    """Record that a video belongs in none of these folders, as if it had been dragged out of each.

    Return those for which that is new. A folder that does not exist is left out.
    """
    may_be_new = store.files.folders() - store.files.rejections().get(file.fingerprint, frozenset())
    new = [folder for folder in dict.fromkeys(folders) if folder in may_be_new]
    with store.transaction():
        for folder in new:
            store.files.reject(file.fingerprint, folder, now=now)
    return new


def withdraw(store: Store, file: KnownFile, folders: Sequence[str]) -> list[str]:
    """Forget that the user rejected these folders for a video. Return those for which that was known."""
    known = store.files.rejections().get(file.fingerprint, frozenset())
    gone = [folder for folder in dict.fromkeys(folders) if folder in known]
    with store.transaction():
        for folder in gone:
            rejections.withdraw(store.connection, file.fingerprint, folder)
    return gone
