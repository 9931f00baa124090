"""What the page tells of a library, read from its store at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sorterd.artifact_names import artifacts_folder
from sorterd.changes import KnownFile
from sorterd.config import Config
from sorterd.daemon.status import inbox_of
from sorterd.find.documents import Documents, read_documents
from sorterd.find.held_out import read_held_out
from sorterd.pipeline import feature_space
from sorterd.prediction import HeldOutPrediction, Prediction
from sorterd.sorting.moving_pause import MovingPauses
from sorterd.sorting.undecided import Undecided
from sorterd.store.journal import Entry
from sorterd.store.reading import open_to_read
from sorterd.store.settings import MODEL
from sorterd.store.store import DATABASE, Store

SHOWN_MOVES = 500


@dataclass(frozen=True, slots=True)
class PageFacts:
    """`categories` counts the files of each folder by the source of their label. `failures` says by path why a video
    could not be read. `held` are the videos whose move by sorterd the user has undone. `moves` are those that can be
    taken back, newest first. `not_moving` is why nothing is moved just now, None if it is."""

    inbox: Undecided
    files: Mapping[str, KnownFile]
    categories: Mapping[str, Mapping[str, int]]
    failures: Mapping[str, str]
    rejections: Mapping[str, frozenset[str]]
    held: frozenset[str]
    predictions: Mapping[str, Prediction]
    transcripts: Mapping[str, str]
    moves: Sequence[Entry]
    held_out: Mapping[str, HeldOutPrediction]
    trained_at: str | None
    not_moving: str | None
    last_move: int

    @property
    def folders(self) -> list[str]:
        """The names of all folders, empty ones too."""
        return list(self.categories)


def read_facts(config: Config, *, now: float) -> PageFacts:
    """Read the store of this library, and change nothing. Raise StoreError or sqlite3.Error."""
    with closing(open_to_read(config.state_dir)) as store:
        store.connection.execute("BEGIN")  # all of it at one moment
        model: dict[str, Any] | None = store.notes.get(MODEL)
        recent = store.journal.recent(1)
        files = store.files.known().files
        space = feature_space.last_used(store.notes, config.feature_settings())
        said = store.features.transcripts(space.id) if space is not None else []
        return PageFacts(
            inbox=inbox_of(config, store),
            files=files,
            categories=store.files.categories(),
            failures={one.path: one.reason for one in store.features.failures()},
            rejections=store.files.rejections(),
            held=store.files.held(),
            predictions=store.predictions.all(),
            transcripts={files[path].fingerprint: text for path, text, _, _ in said if text},
            moves=store.journal.latest(SHOWN_MOVES),
            held_out=read_held_out(artifacts_folder(config.state_dir)),
            trained_at=None if model is None else model["trained_at"],
            not_moving=_not_moving(config, store, now),
            last_move=recent[0].number if recent else 0,
        )


def read_texts(config: Config) -> Documents:
    """Read what a search looks through, by fingerprint. Raise StoreError or sqlite3.Error."""
    with closing(open_to_read(config.state_dir)) as store:
        space = feature_space.last_used(store.notes, config.feature_settings())
        return read_documents(store.connection, "" if space is None else space.id)


def read_caption(config: Config, video: str) -> str:
    """Read the caption of a content, empty if there is none. Raise StoreError or sqlite3.Error."""
    with closing(open_to_read(config.state_dir)) as store:
        caption = store.captions.get(video)
        return "" if caption is None else caption.text


def stamp(state_dir: Path) -> str:
    """Another text whenever the store may have changed."""
    found = []
    for name in (DATABASE, f"{DATABASE}-wal"):
        try:
            seen = (state_dir / name).stat()
        except FileNotFoundError:
            continue
        found.append(f"{seen.st_ino:x}.{seen.st_mtime_ns:x}.{seen.st_size:x}")
    return "-".join(found)


def places(config: Config, video: str) -> list[KnownFile]:
    """Return where a content lies. Raise StoreError or sqlite3.Error."""
    with closing(open_to_read(config.state_dir)) as store:
        return store.files.places(video) if video else []


def _not_moving(config: Config, store: Store, now: float) -> str | None:
    pause = MovingPauses(store).current(now)
    if pause is not None:
        return f"moving is paused: {pause.reason}"
    if not config.move.enabled:
        return "the config says to suggest only (move.enabled)"
    return "the config says to move nothing (move.dry_run)" if config.move.dry_run else None
