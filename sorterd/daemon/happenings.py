"""What the loop tells whoever runs it: the log of the service, or the screen of a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Stage = Literal["look", "extract", "train", "predict", "move"]


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` videos are through a stage, `per_minute` lately if that is known."""

    stage: Stage
    done: int
    total: int
    per_minute: float | None = None


@dataclass(frozen=True, slots=True)
class Underway:
    """Many videos are being extracted: told now and then, for a log."""

    done: int
    waiting: int
    per_minute: float


@dataclass(frozen=True, slots=True)
class Looked:
    """The disk was compared with what was known: how many changes were found, and how long it took in seconds."""

    changes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Learned:
    """A training ended: whether its model is now in use, and why."""

    model_type: str
    labels: int
    swapped: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Decided:
    """One video was judged. `top` is (folder, confidence), best first. `moved_to` is its new place, None if it stays,
    `move` the number of that move; `would_move`: it stays only because nothing is to be moved now."""

    path: str
    folder: str
    confidence: float
    reason: str
    top: tuple[tuple[str, float], ...]
    moved_to: str | None
    would_move: bool = False
    move: int | None = None


@dataclass(frozen=True, slots=True)
class UserDid:
    """The user filed, moved, returned or renamed something."""

    what: str
    path: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something went wrong with one video ("" for none in particular); the service goes on."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Worth a line in the log."""

    text: str


Happening = Progress | Underway | Looked | Learned | Decided | UserDid | Trouble | Note
Tell = Callable[[Happening], None]
