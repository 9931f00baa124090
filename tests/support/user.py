"""A scripted user of a file manager, who keeps dropping, dragging, copying, renaming, deleting and undoing."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sorterd.library.files import category_of
from support.clips import key_of
from support.file_manager import FileManager, Found
from support.ledger import Copy
from support.service import sorterd

NAMES = [f"clip {number}.mp4" for number in range(1, 8)]  # few: names are taken again and again
FOLDERS = ["trips", "music", "sports", "later", "art", "work", "home", "mix"]


@dataclass(slots=True, kw_only=True)
class User(FileManager):
    """Acts at random, `pause` seconds apart on average. `most` is how many contents there are at once."""

    config: Path
    outside: Path
    pause: float = 0.12
    most: int = 70
    error: BaseException | None = None

    def live(self) -> None:
        """Act until `stopping` is set. Keep an exception in `error`."""
        try:
            while not self.stopping.is_set():
                self.act()
                self.stopping.wait(self.rng.expovariate(1 / self.pause))
        except BaseException as error:  # noqa: BLE001  # of a thread: raised by the thread that joins it
            self.error = error

    def begin(self, filed: int) -> None:
        """Have a category for each kind of video but the last, and save so many videos into them."""
        for word in self.clips.words[:-1]:
            (self.root / word).mkdir(parents=True, exist_ok=True)
            self.ledger.add_folder(word)
        for _ in range(filed):
            self.files_directly()

    def act(self) -> None:
        """Do one random thing, if it can be done now."""
        actions: list[tuple[Callable[[], bool], int]] = [
            (self.drops, 30), (self.drops_many, 3), (self.files_directly, 6), (self.drags, 24), (self.returns, 8),
            (self.drags_by_copying, 8), (self.copies, 5), (self.renames_file, 4), (self.renames_category, 2),
            (self.makes_category, 1), (self.replaces, 5), (self.deletes, 14), (self.undoes, 3), (self.confirms, 3),
        ]  # fmt: skip
        action = self.rng.choices([a for a, _ in actions], [weight for _, weight in actions])[0]
        with suppress(FileNotFoundError):  # we were quicker: somebody else moved it first
            if action():
                self.ledger.count(action.__name__.replace("_", " "))

    def drops(self) -> bool:
        """Drop a new video into the inbox slowly, sometimes as a browser does, sometimes with a sidecar."""
        if len(self.alive()) >= self.most:
            return False
        item, content = self.new_video()
        name = self.rng.choice(NAMES)
        if self.rng.random() < 0.3:
            part = self.root / f"{name}.crdownload"
            if part.exists():
                return False
            self.write(part, content)
            done = self.into(part, self.at(None), name)
        else:
            done = self.write_new(self.root, name, content)
        self.owns(item, Copy(None), f"dropped as {done.name}")
        if self.rng.random() < 0.3:
            key = self.new_key()
            with suppress(FileExistsError), done.with_suffix(".info.json").open("x") as file:
                file.write(json.dumps({"title": "a clip"}) + key)
                self.ledger.sidecars.add(key)
        return True

    def drops_many(self) -> bool:
        """Drop several videos at once."""
        for _ in range(self.rng.randint(4, 12)):
            self.drops()
        return True

    def files_directly(self) -> bool:
        """Save a new video directly into a category."""
        if len(self.alive()) >= self.most:
            return False
        item, content = self.new_video()
        folder = self.any_folder()
        done = self.write_new(self.at(folder), self.rng.choice(NAMES), content)
        self.owns(item, Copy(folder), f"saved into {done.parent.name}")
        return True

    def drags(self) -> bool:
        """Drag a file to a category: rename it, or copy it to another disk."""
        return self._drags(self.moves)

    def returns(self) -> bool:
        """Drag a file back to the inbox."""
        one, copy = self.any_file(lambda one: one.folder is not None)
        if any(other is not copy and other.filed is None for other in one.item.copies):
            return False
        return self.moves(one, copy, None)

    def drags_by_copying(self) -> bool:
        """Copy a file, then delete the first one, as some file managers do, and all of them between disks."""
        return self._drags(self.copies_over)

    def _drags(self, how: Callable[[Found, Copy, int | None], bool]) -> bool:
        one, copy = self.any_file()
        folder = self.any_folder(one.folder)
        return all(other.filed != folder for other in one.item.copies) and how(one, copy, folder)

    def copies(self) -> bool:
        """Copy a file to a category or the inbox."""
        one, _ = self.any_file(lambda one: len(one.item.copies) < 3)
        folder = self.rng.choice([None, self.any_folder(one.folder)])
        if any(other.filed in (folder, None) for other in one.item.copies) or one.folder == folder:
            return False
        target = self.write_new(self.at(folder), Path(one.path).name, (self.root / one.path).read_bytes())
        fresh = Copy()
        one.item.copies.append(fresh)
        one.item.enters(fresh, folder)
        self.note(one.item, f"copied from {one.path} to {target.relative_to(self.root)}")
        return True

    def renames_file(self) -> bool:
        """Rename a file in its folder."""
        one, _ = self.any_file()
        target = self.into(self.root / one.path, self.at(one.folder), self.rng.choice(NAMES))
        self.note(one.item, f"renamed from {one.path} to {target.name}")
        return True

    def renames_category(self) -> bool:
        """Rename a category."""
        folder = self.any_folder()
        inside = [item for item in self.alive() if any(copy.filed == folder for copy in item.copies)]
        new = self.rng.choice(FOLDERS)
        if self.at(folder).is_mount() or (self.root / new).exists() or not inside:
            return False
        if not all(self.rested(item.touched) for item in inside):
            return False
        self.at(folder).rename(self.root / new)
        for item in inside:
            self.note(item, f"its category {self.ledger.folders[folder]} renamed to {new}")
        self.ledger.folders[folder] = new
        return True

    def makes_category(self) -> bool:
        """Make a new category."""
        name = self.rng.choice(FOLDERS)
        if (self.root / name).exists() or len(self.ledger.folders) > 9:
            return False
        (self.root / name).mkdir()
        self.ledger.add_folder(name)
        return True

    def replaces(self) -> bool:
        """Replace a file by another video of the same name, as an editor saves it."""
        one, copy = self.any_file()
        item, content = self.new_video()
        fresh = self.outside / "saved"
        fresh.unlink(missing_ok=True)  # from a time when the file to be replaced had gone meanwhile
        self.write(fresh, content)
        path = self.root / one.path
        if path.stat().st_dev != fresh.stat().st_dev:
            fresh.unlink()
            return False
        with path.open("rb") as before:
            fresh.replace(path)
            gone = os.fstat(before.fileno()).st_nlink == 0
        filed = one.folder
        if gone:
            one.item.copies.remove(copy)
            self.note(one.item, f"replaced at {one.path} by {item.key}")
        self.owns(item, Copy(filed), f"saved over {one.path}")
        if filed is not None:  # what replaces a file keeps its label; over one of ours it is nobody's word
            item.copies[0].word = copy.word if copy.filed is not None else "?"
        return True

    def deletes(self) -> bool:
        """Delete a file."""
        one, copy = self.any_file()
        if len(self.alive()) < self.most // 2 or not self.removes(self.root / one.path):
            return False
        one.item.copies.remove(copy)
        one.item.leaves(one.folder)
        self.note(one.item, f"deleted at {one.path}")
        return True

    def undoes(self) -> bool:
        """Undo moves by command. The service may be killed meanwhile."""
        said = sorterd(self.config, "undo", "--json")
        try:
            undone = json.loads(said.stdout)["undone"]
        except (ValueError, KeyError):
            return False
        for one in undone:
            key = key_of(self.root / one["to"])
            if key in self.ledger.sidecars:  # one that had followed its video
                continue
            item = self.ledger.items[key]
            folder = self.ledger.number(category_of(one["from"]))
            copy = item.copy_in(folder)
            item.leaves(folder)
            if copy is not None:
                item.enters(copy, None)
            item.held = True
            self.note(item, f"undone, {one['from']} to {one['to']}")
        return bool(undone)

    def confirms(self) -> bool:
        """Confirm by command a file that sorterd has moved."""
        one, copy = self.any_file(lambda one: one.folder is not None)
        if copy.filed is not None:
            return False
        said = sorterd(self.config, "confirm", one.path, "--json")
        if said.returncode == 0:
            one.item.enters(copy, one.folder)
            copy.word = "confirmed"
        elif "is known at" not in said.stderr:
            copy.word = "?"
        self.note(one.item, f"confirmed at {one.path}: {said.returncode} {said.stderr.strip()[:80]}")
        return True
