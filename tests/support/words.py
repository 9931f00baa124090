"""A library for a service whose models are a few lines (`torture/cheap_worker.py`): what is in a file is its first
word."""

from __future__ import annotations

from pathlib import Path

WORDS = ("cats", "dogs")


def library(folder: Path, watch: str = "settle_seconds: 0.2") -> Path:
    """A folder for each of two kinds with three videos, nothing in the inbox; the path of its config."""
    for word in WORDS:
        (folder / "videos" / word).mkdir(parents=True)
        for number in range(3):
            drop(folder, word, number, f"{word}/{number}.mp4")
    path = folder / "config.yaml"
    path.write_text(
        f"videos: videos\nstate_dir: state\nwatch: {{{watch}}}\n"
        "train: {debounce_seconds: 0.1}\nfeatures: {models: embedded}\nlog: {format: json}\n"
    )
    return path


def drop(folder: Path, word: str, number: int, name: str) -> None:
    """A video of the library in `folder`."""
    (folder / "videos" / name).write_text(f"{word} {number} 1\n")
