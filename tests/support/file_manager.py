"""A file manager, which takes free names, overwrites nothing, and records in the ledger which file went where."""

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sorterd.library.files import category_of
from sorterd.library.rename import rename_new
from support.clips import KEY, Clips, key_of
from support.ledger import Copy, Item, Ledger

CHUNK = 200_000


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it lies now: relative path, the number of its category, its content."""

    path: str
    folder: int | None
    item: Item


@dataclass(slots=True, kw_only=True)
class FileManager:
    """Acts on the files below `root`, until `stopping` is set, and records in `ledger` what that means.

    A content is touched again only if `rested` (given the time of the last touch) returns that a sync has seen it:
    two changes to a file between two syncs cannot be told apart on disk.
    """

    root: Path
    rng: random.Random
    clips: Clips
    ledger: Ledger
    rested: Callable[[float], bool]
    stopping: threading.Event = field(default_factory=threading.Event)
    _number: int = 0

    def look(self) -> list[Found]:
        """Return every file that may be touched now."""
        found = []
        for path in sorted(self.root.rglob("*.mp4")):
            with suppress(FileNotFoundError):
                item = self.ledger.items.get(key_of(path))
                where = str(path.relative_to(self.root))
                if item is not None and not path.name.startswith(".") and path.stat().st_size == item.size:
                    item.last_seen = where
                    found.append(Found(where, self.ledger.number(category_of(where)), item))
        return [one for one in found if self.rested(one.item.touched)]

    def any_file(self, wanted: Callable[[Found], bool] = lambda _: True) -> tuple[Found, Copy]:
        """Return one of them, and which copy it is. Raise FileNotFoundError if there is none."""
        found = self.look()
        per_place: dict[tuple[str, int | None], int] = {}
        for one in found:
            per_place[one.item.key, one.folder] = per_place.get((one.item.key, one.folder), 0) + 1
        clear = [
            (one, copy)
            for one in found
            if wanted(one)
            and per_place[one.item.key, one.folder] == 1
            and (copy := one.item.copy_in(one.folder)) is not None
            and copy.word != "?"
        ]
        if not clear:
            raise FileNotFoundError
        return self.rng.choice(clear)

    def any_folder(self, but: int | None = None) -> int:
        return self.rng.choice([number for number in self.ledger.folders if number != but])

    def moves(self, one: Found, copy: Copy, folder: int | None) -> bool:
        if (self.root / one.path).stat().st_dev != self.at(folder).stat().st_dev:
            return self.copies_over(one, copy, folder)
        target = self.into(self.root / one.path, self.at(folder), Path(one.path).name)
        assert key_of(target) == one.item.key, "another file was moved under the user's hand"
        one.item.leaves(one.folder)
        one.item.enters(copy, folder)
        self.note(one.item, f"dragged from {one.path} to {target.relative_to(self.root)}")
        return True

    def copies_over(self, one: Found, copy: Copy, folder: int | None) -> bool:
        source = self.root / one.path
        content = source.read_bytes()
        target = self.write_new(self.at(folder), Path(one.path).name, content)
        if self.removes(source):
            one.item.leaves(one.folder)
        else:  # we have moved it meanwhile: now there are two
            copy = Copy()
            one.item.copies.append(copy)
        one.item.enters(copy, folder)
        self.note(one.item, f"dragged by copying from {one.path} to {target.relative_to(self.root)}")
        return True

    def new_key(self) -> str:
        self._number += 1
        return f"{self._number:0{KEY}d}"

    def new_video(self) -> tuple[Item, bytes]:
        key = self.new_key()
        content = self.clips.make(self.rng.choice(self.clips.words), key, self.rng)
        return Item(key, len(content)), content

    def owns(self, item: Item, copy: Copy, how: str) -> None:
        item.copies.append(copy)
        self.ledger.items[item.key] = item
        self.note(item, how)

    def note(self, item: Item, what: str) -> None:
        item.touched = time.monotonic()
        item.history.append(f"{time.time():.3f} {what}")

    def at(self, folder: int | None) -> Path:
        return self.root if folder is None else self.root / self.ledger.folders[folder]

    def alive(self) -> list[Item]:
        return [item for item in self.ledger.items.values() if item.copies]

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
