"""What the scripted user saves: videos with a key at their end, so that each can be told wherever it lies."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sorterd.samples import SAMPLES

KEY = 16  # bytes at the end of each file


class Clips(Protocol):
    """Makes contents, each another one. `words` are what they can show; a category is named after each."""

    @property
    def words(self) -> tuple[str, ...]: ...

    def make(self, word: str, key: str, rng: random.Random) -> bytes:
        """A new video of `word` that ends with `key`."""


@dataclass(frozen=True, slots=True)
class Texts:
    """For the cheap worker. `effort`: rounds of a hash that extracting one takes; some are large."""

    words: tuple[str, ...] = ("cats", "dogs", "cars", "food")
    effort: int = 20_000
    large: int = 3_000_000

    def make(self, word: str, key: str, rng: random.Random) -> bytes:
        """A few kilobytes, one in five up to `large` bytes: copying those to another disk takes a while."""
        size = rng.randint(100_000, self.large) if rng.random() < 0.2 else rng.randint(1_000, 20_000)
        return f"{word} 0 {self.effort}\n".encode() + rng.randbytes(size) + key.encode()


@dataclass(frozen=True, slots=True)
class Samples:
    """The clips of the sample library for the real models, with the key in a `free` box, which every player skips."""

    words: tuple[str, ...] = ("beach", "cats", "city nights")

    def make(self, word: str, key: str, rng: random.Random) -> bytes:
        """One of the clips of this folder, made another file."""
        return (
            rng.choice(sorted((SAMPLES / word).iterdir())).read_bytes()
            + (8 + KEY).to_bytes(4, "big")
            + b"free"
            + key.encode()
        )


def key_of(path: Path) -> str:
    """The key of the file at `path`. Raise FileNotFoundError."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - KEY))
        return file.read().decode("ascii", "replace")
