"""Rows to put into a store, with the parts that a test does not care about filled in."""

from itertools import count
from typing import Any

from sorterd.changes import Arrived, KnownFile, Source
from sorterd.library.files import FileId, FolderId, category_of
from sorterd.prediction import Prediction
from sorterd.store.features import Features
from sorterd.store.journal import Step
from sorterd.store.store import Store

SPACE = "space-1"
_inodes = count(1000)


def known(path: str, content: str, source: Source | None = None, *, mtime: int = 1) -> KnownFile:
    """A file at `path`, by default labelled by the user if it lies in a folder."""
    if source is None and category_of(path) is not None:
        source = "user"
    return KnownFile(path, FileId(1, next(_inodes), len(content), mtime), content, source)


def fill(store: Store, *files: KnownFile, watching: bool = False, now: float = 1.0) -> None:
    """Have the store know these files, and their folders, besides those that it knows already."""
    folders = dict(store.files.known().categories)
    for file in files:
        if file.category is not None:
            folders.setdefault(file.category, FolderId(1, next(_inodes)))
    store.files.apply([Arrived(file) for file in files], folders, now=now, watching=watching)


def features(content: str, *, transcript: str = "", audio: str = "none") -> Features:
    return Features(content, b"\0\0\x80?", transcript, "", audio)


def planned(store: Store, content: str = "one", *, at: float = 1.0, **others: Any) -> int:
    """Plan a move from the inbox to a folder. Return its number."""
    move: dict[str, Any] = {"kind": "sort", "source": f"{content}.mp4", "destination": f"cats/{content}.mp4"}
    move |= {"sidecars": (), "id": FileId(1, 2, 3, 4), "reason": "why", "fingerprint": content, "now": at}
    return store.journal.plan(**move | others)


def moved(store: Store, content: str = "one", step: Step = "done", **others: Any) -> int:
    """Write a whole move into the journal. Return its number."""
    number = planned(store, content, **others)
    store.journal.step(number, step)
    return number


def prediction(
    content: str, folder: str = "cats", *, predictor: str = "model", move: bool = True
) -> tuple[str, str, Prediction]:
    """What `store.predictions.put` takes."""
    return content, predictor, Prediction(folder, 0.9, ((folder, 0.9), ("dogs", 0.1)), move, "looks like it")
