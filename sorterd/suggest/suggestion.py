"""Suggest folders for what is left in the inbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from sorterd.changes import KnownFile
from sorterd.features.settings import FeatureSpace
from sorterd.find.documents import read_documents
from sorterd.library.category import why_no_category
from sorterd.library.layout import LayoutRules
from sorterd.sorting.undecided import Undecided
from sorterd.store.rows import Rows
from sorterd.store.store import Store
from sorterd.suggest.groups import groups
from sorterd.suggest.suggested import Suggested, Suggestion, group_id
from sorterd.suggest.telling_words import telling_words

MOST = 10_000
"""Videos of the inbox that are compared, the latest; they take half a minute."""

BACKGROUND = 2000
"""Other videos of the library from which it is learned what is usual."""

PROBABLE = 0.5
"""A video that belongs in one of the folders with this probability needs no other."""


def suggest(store: Store, space: FeatureSpace, inbox: Undecided, rules: LayoutRules) -> Suggested:
    """Return groups of alike videos that no folder fits. Nothing is changed. `inbox` is the whole of it."""
    waiting = without_folder(inbox, store)
    extracted = store.features.extracted(space.id)
    ready = sorted(waiting.keys() & extracted)
    unseen = len(waiting) - len(ready)
    if len(ready) > MOST:  # the latest ones
        latest = sorted(ready, key=lambda video: (waiting[video].id.mtime_ns, video), reverse=True)
        ready = sorted(latest[:MOST])
    videos, rows = _rows(store, space, ready)
    among = set(ready)
    candidates = np.array([video in among for video in videos], dtype=bool)
    with threadpool_limits(1, "blas"):  # more threads of OpenBLAS wait by spinning: 38 s of processor instead of 12
        found = [[videos[place] for place in group] for group in groups(rows, space.modalities, candidates)]
    documents = read_documents(store.connection, space.id) if found else {}
    words = telling_words(found, documents, store.captions.authors())
    taken = {folder.casefold() for folder in store.files.folders()}
    suggestions = []
    for group, telling in zip(found, words, strict=True):
        folder = _folder(telling, taken, rules)
        taken.add(folder)
        paths = tuple(waiting[video].path for video in group)
        suggestions.append(Suggestion(group_id(group), tuple(group), paths, telling, folder))
    return Suggested(suggestions, len(ready), unseen)


def without_folder(inbox: Undecided, store: Store) -> dict[str, KnownFile]:
    """Return the videos in the inbox that no folder fits, by fingerprint, each at its first path.

    They will not be moved by themselves, no copy of them is in a folder, and the model, if there is one, does not think
    that they probably belong in a folder from which the user has not taken them out.
    """
    filed = {file.fingerprint for file in store.files.known().files.values() if file.category is not None}
    rejections = store.files.rejections()
    files = [
        one.file
        for one in (*inbox.undecided, *inbox.guessed)
        if one.prediction.confidence < PROBABLE or one.prediction.folder in rejections.get(one.file.fingerprint, ())
    ]
    waiting: dict[str, KnownFile] = {}
    for file in sorted([*files, *inbox.unseen], key=lambda file: file.path):
        if file.fingerprint and file.fingerprint not in filed:
            waiting.setdefault(file.fingerprint, file)
    return waiting


def _rows(store: Store, space: FeatureSpace, ready: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
    """Return the vectors [n, D] of these videos and of some others, in the order of their fingerprints."""
    others = sorted(store.features.extracted(space.id) - set(ready))
    wanted = {*ready, *others[:: max(1, -(-len(others) // BACKGROUND))]}
    rows = np.zeros((len(wanted), space.width), np.float32)
    places = {video: place for place, video in enumerate(sorted(wanted))}
    there = np.zeros(len(wanted), dtype=bool)
    for row in Rows(store.connection, space).all():
        place = places.get(row.fingerprint)
        if place is not None and row.extracted and len(row.vector) == 4 * rows.shape[1]:
            rows[place], there[place] = np.frombuffer(row.vector, "<f4"), True
    return [video for video, place in places.items() if there[place]], rows[there]


def _folder(words: Sequence[str], taken: Collection[str], rules: LayoutRules) -> str:
    names = (word.removeprefix("#") for word in words)
    return next((name for name in names if name not in taken and why_no_category(name, rules) is None), "")
