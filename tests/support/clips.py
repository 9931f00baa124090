"""The videos that the scripted user saves. Each ends with a key, by which it is recognised wherever it lies."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sorterd.samples import SAMPLES

KEY = 16  # bytes at the end of each file


class Clips(Protocol):
    """Makes videos, each with different content. `words` are what they can show. A category is named after each."""

    @property
    def words(self) -> tuple[str, ...]: ...

    def make(self, word: str, key: str, rng: random.Random) -> bytes:
        """Return a new video of `word` that ends with `key`."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Videos for the cheap worker. `effort` is how many rounds of a hash extracting one takes."""

    words: tuple[str, ...] = ("cats", "dogs", "cars", "food")
    effort: int = 20_000
    large: int = 3_000_000

    def make(self, word: str, key: str, rng: random.Random) -> bytes:
        """Return a few kilobytes, and in one of five cases up to `large` bytes, which take a while to copy."""
        size = rng.randint(100_000, self.large) if rng.random() < 0.2 else rng.randint(1_000, 20_000)
        return f"{word} 0 {self.effort}\n".encode() + rng.randbytes(size) + key.encode()


@dataclass(frozen=True, slots=True)
class Samples:
    """Clips of the sample library for the real models. The key is in a `free` box, which every player skips."""

    words: tuple[str, ...] = ("beach", "cats", "city nights")

    def make(self, word: str, key: str, rng: random.Random) -> bytes:
        """Return one of the clips of this folder with the key appended."""
        return (
            rng.choice(sorted((SAMPLES / word).iterdir())).read_bytes()
            + (8 + KEY).to_bytes(4, "big")
            + b"free"
            + key.encode()
        )


def key_of(path: Path) -> str:
    """Return the key of the file at `path`. Raise FileNotFoundError."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - KEY))
        return file.read().decode("ascii", "replace")
