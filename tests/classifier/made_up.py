"""Made-up libraries: each folder is a direction, each video that direction plus its own noise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class World:
    """`subjects` [k, d] are what videos can be about; `spread` is how far videos of one subject lie apart."""

    subjects: NDArray[np.float64]
    spread: float

    def videos(self, subject: int, count: int, seed: int) -> Rows:
        """`count` unit vectors about `subject`."""
        rng = np.random.default_rng((seed, subject))
        noise = rng.normal(size=(count, self.subjects.shape[1])) / np.sqrt(self.subjects.shape[1])
        rows = self.subjects[subject] + self.spread * noise
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def library(self, folders: int, count: int, seed: int = 1) -> tuple[Rows, list[str]]:
        """`count` videos of each of the first `folders` subjects, labelled folder0, folder1, ..."""
        rows = np.concatenate([self.videos(k, count, seed) for k in range(folders)])
        return rows, [f"folder{k}" for k in range(folders) for _ in range(count)]


def world(subjects: int = 12, width: int = 48, spread: float = 1.0, seed: int = 0) -> World:
    """Subjects share a common direction, as the vectors of one model do."""
    rng = np.random.default_rng(seed)
    own = rng.normal(size=(subjects, width)) / np.sqrt(width)
    common = rng.normal(size=width) / np.sqrt(width)
    return World(own + common, spread)


def accuracy(predicted: list[str], truth: list[str]) -> float:
    return float(np.mean([p == t for p, t in zip(predicted, truth, strict=True)]))
