"""What a file manager does to files: it takes free names, overwrites nothing, and takes its time to write."""

import os
import random
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sorterd.library.rename import rename_new

CHUNK = 200_000


@dataclass(slots=True, kw_only=True)
class FileManager:
    """Acts on the files below `root`, until `stopping` is set."""

    root: Path
    rng: random.Random
    stopping: threading.Event = field(default_factory=threading.Event)

    def removes(self, path: Path) -> bool:
        """Delete a file. Return whether it was still there, and had no other name."""
        with path.open("rb") as file:
            try:
                path.unlink()
            except FileNotFoundError:
                return False
            return os.fstat(file.fileno()).st_nlink == 0

    def into(self, source: Path, folder: Path, name: str) -> Path:
        """Rename a file into a folder, to a name that is free there."""
        for target in _names(folder, name):
            ends = [os.open(path.parent, os.O_DIRECTORY) for path in (source, target)]
            try:
                rename_new(ends[0], source.name, ends[1], target.name)
            except FileExistsError:
                continue
            finally:
                for end in ends:
                    os.close(end)
            return target
        raise AssertionError("all names are taken")

    def write_new(self, folder: Path, name: str, content: bytes) -> Path:
        """Write a file under a name that is free."""
        for target in _names(folder, name):
            with suppress(FileExistsError):
                self.write(target, content)
                return target
        raise AssertionError("all names are taken")

    def write(self, path: Path, content: bytes) -> None:
        """Write a file piece by piece, as a download or a copy does."""
        with path.open("xb") as file:
            for start in range(0, len(content), CHUNK):
                file.write(content[start : start + CHUNK])
                file.flush()
                self.stopping.wait(self.rng.random() * 0.02)


def _names(folder: Path, name: str) -> Iterator[Path]:
    """Yield this name in a folder, then others like it."""
    yield folder / name
    for number in range(2, 1000):
        yield folder / f"{Path(name).stem} {number}.mp4"
