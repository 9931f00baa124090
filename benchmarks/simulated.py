"""Simulate users: turn a .npz of embeddings with labels into folders with a few labels, and an inbox."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FOLDERS = 8
PER_FOLDER = 30
STRANGER = -1

Rows = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Embeddings:
    """One file: unit vectors, classes, the split of each row (two of them), and the class names' vectors, if any."""

    rows: Rows
    classes: Ints
    first: NDArray[np.bool_]
    names: Rows | None


@dataclass(frozen=True, slots=True)
class Case:
    """One simulated user: labelled rows, the inbox with its true folders (-1 for none), and the folder names.

    `blocks` are the widths of the modalities, None for one.
    """

    rows: Rows
    labels: Ints
    inbox: Rows
    truth: Ints
    names: Rows | None
    blocks: tuple[int, ...] | None = None

    def closed(self) -> Case:
        """Return the same case without unknown videos."""
        known = self.truth != STRANGER
        return Case(self.rows, self.labels, self.inbox[known], self.truth[known], self.names, self.blocks)


def load(path: Path) -> Embeddings:
    """Read one file. Without `split`, the rows of each class go to the two splits in turn."""
    with np.load(path, allow_pickle=False) as file:
        rows = unit(file["X"])
        classes = file["y"].astype(np.int64)
        names = unit(file["text"]) if "text" in file.files else None
        if "split" in file.files:
            first = file["split"] == np.unique(file["split"])[0]
        else:
            first = np.zeros(len(rows), dtype=bool)
            for name in np.unique(classes):
                first[np.flatnonzero(classes == name)[::2]] = True
    return Embeddings(rows, classes, first, names)


def draw(
    data: Embeddings, labels: int, number: int, *, large: int = 0, folders: int = FOLDERS, strangers: float = 0.5
) -> Case | None:
    """Return case `number`, with `labels` per folder and up to `large` in the first one.

    Return None if too few classes are large enough. `strangers` is the share of unknown videos in the inbox.
    """
    rng = np.random.default_rng((number, labels, large))
    source = data.first if number % 2 else ~data.first
    filed = np.bincount(data.classes[source], minlength=data.classes.max() + 1)
    waiting = np.bincount(data.classes[~source], minlength=data.classes.max() + 1)
    possible = np.flatnonzero((filed >= labels) & (waiting >= 3))
    if len(possible) < folders or len(np.unique(data.classes)) == folders:
        return None
    chosen = rng.choice(possible, folders, replace=False)
    if large:  # the folder that is to be large is the largest of those drawn
        chosen = chosen[np.argsort(-filed[chosen], kind="stable")]
    wanted = [max(labels, large if place == 0 else 0) for place in range(folders)]

    def some(where: NDArray[np.bool_], most: int) -> Ints:
        return rng.permutation(np.flatnonzero(where))[:most]

    kept = [some(source & (data.classes == c), most) for c, most in zip(chosen, wanted, strict=True)]
    inbox = [some(~source & (data.classes == c), PER_FOLDER) for c in chosen]
    members = sum(map(len, inbox))
    others = some(~source & ~np.isin(data.classes, chosen), round(members * strangers / (1 - strangers)))
    places = np.arange(folders)
    return Case(
        rows=data.rows[np.concatenate(kept)],
        labels=np.repeat(places, [len(rows) for rows in kept]),
        inbox=data.rows[np.concatenate([*inbox, others])],
        truth=np.concatenate([np.repeat(places, [len(rows) for rows in inbox]), np.full(len(others), STRANGER)]),
        names=None if data.names is None else data.names[chosen],
    )


def unit(rows: NDArray[np.floating]) -> Rows:
    """Return the rows scaled to length 1."""
    rows = rows.astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
