"""Measure what a large library costs home, with synthetic rows through the real store and its real queries.

Two sizes show what grows faster than the library.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from sorterd.changes import KnownFile, Source
from sorterd.classifier import train_classifier
from sorterd.features.settings import FeatureSpace, extracted_modalities
from sorterd.library.layout import LayoutRules
from sorterd.library.scan import scan
from sorterd.pipeline.training_policy import TrainingSet, training_key
from sorterd.store.backlog import Backlog
from sorterd.store.features import Features
from sorterd.store.store import Store
from sorterd.sync.reconcile import reconcile

SIZES = (25_000, 100_000)
FOLDERS, LABELLED = 40, 10  # every tenth video is filed
TURNS = 200
SPACE = FeatureSpace("synthetic", extracted_modalities(1024, 256), "embedded", "cpu")


def million() -> None:
    """Print the costs at each size, and of trainings."""
    for videos in SIZES:
        with tempfile.TemporaryDirectory(prefix="sorterd-million-") as folder:
            _at(Path(folder), videos)
    for labelled in (500, 2_000):
        print(f"training with {labelled:,} labelled videos: {_training(labelled):.1f} s", flush=True)


def _at(folder: Path, videos: int) -> None:
    (folder / "videos").mkdir()
    (folder / "state").mkdir(mode=0o700)
    root = folder / "videos"
    for number in range(FOLDERS):
        (root / f"folder {number}").mkdir()
    for number in range(videos):
        (root / _path(number)).touch()
    print(f"--- {videos:,} videos; load {os.getloadavg()[0]:.0f}", flush=True)
    listing = _timed("a sync: listing the folder", lambda: scan(root, LayoutRules()))
    with closing(Store.open(folder / "state")) as store:
        with store.transaction():
            for path, seen in listing.files.items():
                source: Source | None = "user" if "/" in path else None
                store.files.put(KnownFile(path, seen.id, _name(path), source), now=1.0)
        store.files.connection.execute("UPDATE files SET labelled_at = 0")
        known = _timed("a sync: what was known", lambda: store.files.known())
        _timed("a sync: comparing both", lambda: reconcile(known, listing, {}))
        backlog = _timed("queue: the start", lambda: Backlog(store.connection, SPACE.id))
        _queue(store, backlog, [_name(path) for path in listing.files])
        with store.transaction():
            for path in listing.files:
                store.features.add(_features(_name(path)), SPACE.id, now=1.0)
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = sum(file.stat().st_size for file in (folder / "state").iterdir() if file.is_file())
        print(f"database: {size / videos / 1000:.2f} kB a video")
        extracted = _timed("training: which are extracted", lambda: store.features.extracted(SPACE.id))
        labels = _timed("training: the labels", lambda: store.files.labels())
        _timed("training: what can be learned", lambda: TrainingSet.of(labels, extracted, store.features.hopeless()))
        files = store.files
        _timed(
            "training: what was learned from",
            lambda: training_key(labels, files.rejections(), extracted, files.folders(), "", {}),
        )


def _queue(store: Store, backlog: Backlog, names: list[str]) -> None:
    """Give out jobs and record answers, as with eight workers that have two jobs of 16 videos each."""
    order = [one.fingerprint for one in backlog.next(now=2.0, limit=256)]
    begun = {"next": 0.0, "due": 0.0, "add": 0.0, "pending": 0.0}
    assert len(names) > 256

    def step(what: str, does: Callable[[], object]) -> None:
        at = time.perf_counter()
        does()
        begun[what] += time.perf_counter() - at

    for number in range(TURNS):
        flight = frozenset(order[number % 16 :])
        step("add", lambda: store.features.add(_features(order[number]), SPACE.id, now=2.0))  # noqa: B023
        step("due", lambda: backlog.any_due(2.0, without=flight))  # noqa: B023
        step("pending", backlog.pending)
        step("next", lambda: backlog.next(now=2.0, limit=16, without=flight))  # noqa: B023
    words = {"add": "recording a video", "due": "whether one waits", "pending": "how many wait", "next": "the next job"}
    for what, seconds in begun.items():
        print(f"queue: {words[what]}: {1000 * seconds / TURNS:.2f} ms", flush=True)


def _timed(what: str, does: Callable[[], Any]) -> Any:
    begun, used = time.perf_counter(), time.process_time()
    made = does()
    print(f"{what}: {time.process_time() - used:.2f} s of processor, {time.perf_counter() - begun:.2f} s", flush=True)
    return made


def _path(number: int) -> str:
    return f"folder {number % FOLDERS}/{number}.mp4" if number % LABELLED == 0 else f"{number}.mp4"


def _name(path: str) -> str:
    return f"{int(Path(path).stem):032x}"


def _features(name: str) -> Features:
    chance = random.Random(name)
    words = " ".join(chance.choice(("some", "words", "that", "were", "said", "there")) for _ in range(80))
    return Features(name, chance.randbytes(4 * SPACE.extracted_width), words, "en", "speech")


def _training(labelled: int) -> float:
    """Return the seconds of one training on so many vectors that lie in 40 heaps."""
    chance = np.random.default_rng(0)
    centres = chance.normal(size=(FOLDERS, SPACE.extracted_width))
    labels = [f"folder {number % FOLDERS}" for number in range(labelled)]
    rows = centres[np.arange(labelled) % FOLDERS] + 2 * chance.normal(size=(labelled, SPACE.extracted_width))
    begun = time.process_time()
    train_classifier(rows.astype(np.float32), labels, blocks=(1024, 256))
    return time.process_time() - begun
