"""Whatever the user does, whatever we do in between, whenever we look: nothing is lost and nobody is misunderstood.

Random sequences of what people do in a file manager, of our own moves, undos and crashes, and of restarts, on real
files and a real database. Beside it a model of what a person would expect (which content lies where, and what the user
has filed), and a second daemon that looks after every single action, as if no event were ever lost.

More of it: `SORTERD_EXAMPLES=2000 SORTERD_STEPS=60 pytest tests/daemon/test_library_machine.py`
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from daemon.house import Clock, House, never
from sorterd.daemon.guard import SECOND_LOOK_SECONDS
from sorterd.daemon.moves import Mover, UndoRefused
from sorterd.daemon.sorting import Sorting
from sorterd.library.files import category_of
from sorterd.library.layout import Rules
from sorterd.library.move import MoveFailed
from sorterd.library.plan import MoveRefused
from sorterd.library.scan import file_id
from sorterd.reconcile import Known, KnownFile
from sorterd.store.journal import Entry
from sorterd.store.predictions import Prediction

VIDEOS = ["a.mp4", "b.mp4", "a (2).mp4", "caf\udce9.mov"]
SIDECARS = ["a.jpg", "a.info.json", "a.mp4.jpg", "b.en.srt"]
FOLDERS = ["cats", "dogs", "birds", "cr\udce8me"]
CONTENTS = [b"one", b"two", b"three", b"seven", b"eleven"]
JUDGE = "the model"

Item = TypeVar("Item")
any_video = st.sampled_from(VIDEOS)
any_folder = st.sampled_from(FOLDERS)
any_content = st.sampled_from(CONTENTS)
pick = st.integers(0, 99)
guesses = st.lists(pick, min_size=1, max_size=4)
is_video = Rules().is_video


def named(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def under(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def in_memory(house: House) -> House:
    """Without waiting for the disk: nobody cuts the power of this machine."""
    house.store.connection.execute("PRAGMA synchronous = OFF")
    return house


class CutShort(Exception):
    """A crash, after the file was moved and before that was recorded."""


class LibraryMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.outside = self.place / "outside"
        self.outside.mkdir()
        clock = Clock()
        self.house = in_memory(House(self.place / "videos", self.place / "state", clock))
        self.attentive = in_memory(House(self.place / "videos", self.place / "attentive", clock))
        self.sorting = self.new_sorting()
        self.files: dict[str, bytes] = {}
        self.folders: dict[str, int] = {}  # every folder, with a number that it keeps when it is renamed
        self.folders_then: dict[str, int] = {}  # as of our last look
        self.filed: set[tuple[bytes, str]] = set()  # which content the user has put into which category
        self.entries = 0
        self.number = 0

    def teardown(self) -> None:
        self.house.close()
        self.attentive.close()
        shutil.rmtree(self.place)

    @initialize(contents=st.lists(any_content, min_size=3, max_size=8))
    def there_is_a_library(self, contents: list[bytes]) -> None:
        with self.the_user():
            for folder in FOLDERS[:2]:
                (self.root / folder).mkdir()
                self.folders[folder] = self.next_number()
            for nr, content in enumerate(contents):
                self.write(self.free(["", FOLDERS[0], "", FOLDERS[1]][nr % 4], "a.mp4"), content)
        self.we_look()

    # --- the user, in a file manager ---

    @rule(name=any_video, content=any_content, into=pick)
    def drops_a_video(self, name: str, content: bytes, into: int) -> None:
        self.drops(self.any_place(into), name, content)

    @rule(name=any_video, content=any_content)
    def drops_a_video_into_the_inbox(self, name: str, content: bytes) -> None:
        self.drops("", name, content)

    @rule(name=st.sampled_from(SIDECARS), content=any_content, into=pick)
    def drops_a_sidecar(self, name: str, content: bytes, into: int) -> None:
        self.drops(self.any_place(into), name, content)

    def drops(self, folder: str, name: str, content: bytes) -> None:
        path = self.free(folder, name)
        with self.the_user():
            self.write(path, content)

    @precondition(lambda self: self.files)
    @rule(which=pick, into=pick)
    def drags(self, which: int, into: int) -> None:
        source = self.any_file(which)
        here, _, name = source.rpartition("/")
        there = self.any([place for place in self.places() if place != here] or [here], into)
        self.moves(source, self.free(there, name))

    @precondition(lambda self: any(map(category_of, self.files)))
    @rule(which=pick)
    def drags_back_to_the_inbox(self, which: int) -> None:
        source = self.any([path for path in sorted(self.files) if category_of(path)], which)
        self.moves(source, self.free("", source.rpartition("/")[2]))

    @precondition(lambda self: self.files)
    @rule(which=pick, name=any_video)
    def renames(self, which: int, name: str) -> None:
        source = self.any_file(which)
        self.moves(source, self.free(source.rpartition("/")[0], name))

    def moves(self, source: str, target: str) -> None:
        with self.the_user():
            (self.root / source).rename(self.root / target)
            self.files[target] = self.files.pop(source)

    @precondition(lambda self: self.files)
    @rule(which=pick, into=pick, name=any_video)
    def copies(self, which: int, into: int, name: str) -> None:
        self.drops(self.any_place(into), name, self.files[self.any_file(which)])

    @precondition(lambda self: len(self.files) > 1)
    @rule(one=pick, other=pick)
    def swaps_two_files(self, one: int, other: int) -> None:
        first, second = self.any_file(one), self.any_file(other)
        if first != second:
            with self.the_user():
                aside = self.outside / "aside"
                (self.root / first).rename(aside)
                (self.root / second).rename(self.root / first)
                aside.rename(self.root / second)
                self.files[first], self.files[second] = self.files[second], self.files[first]

    @precondition(lambda self: self.files)
    @rule(which=pick, content=any_content, in_place=st.booleans())
    def replaces_content(self, which: int, content: bytes, in_place: bool) -> None:
        with self.the_user():
            path = self.any_file(which)
            if not in_place:
                (self.root / path).unlink()
            self.write(path, content)

    @precondition(lambda self: self.files)
    @rule(which=pick)
    def touches(self, which: int) -> None:
        with self.the_user():
            self.stamp(self.any_file(which))

    @precondition(lambda self: self.files)
    @rule(which=pick)
    def deletes(self, which: int) -> None:
        with self.the_user():
            path = self.any_file(which)
            (self.root / path).unlink()
            del self.files[path]

    @rule(name=any_folder, into=pick)
    def makes_a_folder(self, name: str, into: int) -> None:
        self.makes(under(self.any_place(into), name))

    @rule(name=any_folder)
    def makes_a_category(self, name: str) -> None:
        self.makes(name)

    def makes(self, folder: str) -> None:
        if folder not in self.folders:
            with self.the_user():
                (self.root / folder).mkdir()
                self.folders[folder] = self.next_number()

    @precondition(lambda self: self.categories())
    @rule(which=pick, name=any_folder)
    def renames_a_category(self, which: int, name: str) -> None:
        old = self.any(self.categories(), which)
        if name not in self.folders:
            (self.root / old).rename(self.root / name)
            self.relocates(old, name)
            self.filed = {(content, name if folder == old else folder) for content, folder in self.filed}
            self.attends()

    @precondition(lambda self: self.folders)
    @rule(which=pick, into=pick)
    def moves_a_folder(self, which: int, into: int) -> None:
        """Into another folder, or out of one: then it becomes a category."""
        folder = self.any(sorted(self.folders), which)
        target = under(self.any_place(into), folder.rpartition("/")[2])
        if target not in self.folders and not under(target, "").startswith(f"{folder}/"):
            with self.the_user():
                (self.root / folder).rename(self.root / target)
                self.relocates(folder, target)

    @precondition(lambda self: self.folders)
    @rule(which=pick, trash=st.booleans())
    def removes_a_folder(self, which: int, trash: bool) -> None:
        """Deletes it, or moves it out of the library."""
        with self.the_user():
            folder = self.any(sorted(self.folders), which)
            if trash:
                (self.root / folder).rename(self.outside / str(self.next_number()))
            else:
                shutil.rmtree(self.root / folder)
            self.files = {path: content for path, content in self.files.items() if not path.startswith(f"{folder}/")}
            self.folders = {
                path: number for path, number in self.folders.items() if not f"{path}/".startswith(f"{folder}/")
            }

    @rule(name=any_folder, contents=st.lists(any_content, max_size=3))
    def moves_a_folder_in(self, name: str, contents: list[bytes]) -> None:
        if name not in self.folders:
            with self.the_user():
                parcel = self.outside / "parcel"
                parcel.mkdir()
                self.folders[name] = self.next_number()
                for video, content in zip(VIDEOS, contents, strict=False):
                    (parcel / video).write_bytes(content)
                    self.files[f"{name}/{video}"] = content
                parcel.rename(self.root / name)
                for video in VIDEOS[: len(contents)]:
                    self.stamp(f"{name}/{video}")

    # --- us ---

    @rule()
    def we_look(self) -> None:
        before = self.house.store.files.known()
        seen = self.house.look(settle_moves=self.house.mover.recover)
        if seen.doubt is not None:
            assert self.house.store.files.known() == before, "nothing is believed at once"
            self.house.clock.advance(SECOND_LOOK_SECONDS)
            seen = self.house.looker.look(
                watching=True, should_stop=never, earlier=seen.doubt, settle_moves=self.house.mover.recover
            )
            assert seen.doubt is None, "a second look that agrees is believed"
        self.knows_everything(self.house)
        self.refuses_what_was_taken_out(before)
        self.folders_then = dict(self.folders)
        assert self.house.look().changes == ()

    @precondition(lambda self: self.files)
    @rule(which=pick)
    def we_look_while_a_file_is_written(self, which: int) -> None:
        with (self.root / self.any_file(which)).open("ab"):
            if self.house.look(settle_moves=self.house.mover.recover).doubt is None:
                self.labels_are_the_users(self.house)

    @rule(guesses=guesses)
    def we_sort(self, guesses: list[int]) -> None:
        """The model has a word on every video of the inbox as we know it, right or wrong; we may not have looked."""
        store = self.house.store
        folders = sorted(store.files.categories()) or ["cats"]
        for nr, file in enumerate(store.files.inbox()):
            folder = self.any(folders, guesses[nr % len(guesses)])
            word = Prediction(file.fingerprint, JUDGE, folder, 0.9, ((folder, 0.9),), True, "a guess")
            store.predictions.put(word, now=1.0)
        refused, held = store.files.refusals(), store.files.held()
        for entry in self.carried_out(lambda: self.sorting.sort(JUDGE, now=self.house.clock())):
            assert category_of(entry.destination) not in refused.get(entry.fingerprint, ())
            assert entry.fingerprint not in held

    @rule(last=st.integers(1, 4))
    def we_undo(self, last: int) -> None:
        def undo() -> None:
            for entry in self.house.store.journal.latest(last):
                try:
                    self.house.mover.undo(entry)
                except (UndoRefused, MoveRefused, MoveFailed):
                    continue

        for entry in self.carried_out(undo):
            assert category_of(entry.destination) is None
            assert entry.fingerprint in self.house.store.files.held()

    @rule(guesses=guesses)
    def we_look_and_sort(self, guesses: list[int]) -> None:
        self.we_look()
        self.we_sort(guesses)

    @rule(guesses=guesses)
    def we_crash_in_the_middle_of_a_move(self, guesses: list[int]) -> None:
        def crash_and_recover() -> None:
            with patch.object(Mover, "_record", side_effect=CutShort), suppress(CutShort):
                self.we_sort(guesses)
            self.we_restart()
            self.house.mover.recover()
            assert self.house.store.journal.unfinished() == []

        self.carried_out(crash_and_recover)

    @rule()
    def we_restart(self) -> None:
        self.house.restart()
        in_memory(self.house)
        self.sorting = self.new_sorting()

    @rule(seconds=st.sampled_from([60.0, 3600.0]))
    def time_passes(self, seconds: float) -> None:
        self.house.clock.advance(seconds)

    # --- what must hold ---

    @invariant()
    def every_content_lies_where_the_user_or_we_have_put_it(self) -> None:
        found: dict[str, bytes] = {}
        folders = set()
        for path in self.root.rglob("*"):
            relative = str(path.relative_to(self.root))
            if path.is_dir():
                folders.add(relative)
            else:
                found[relative] = path.read_bytes()
        assert found == self.files
        assert folders == set(self.folders)

    def knows_everything(self, house: House) -> None:
        """Which state is reached does not depend on how often and when was looked."""
        there = {path: named(content) for path, content in self.files.items() if is_video(path.rpartition("/")[2])}
        assert {path: file.fingerprint for path, file in house.store.files.known().files.items()} == there
        assert set(house.store.files.categories()) == set(self.categories())
        self.labels_are_the_users(house)

    def labels_are_the_users(self, house: House) -> None:
        filed = {(named(content), folder) for content, folder in self.filed}
        assert set(house.store.files.labels().items()) <= filed

    def refuses_what_was_taken_out(self, before: Known) -> None:
        """"Not this one": what we had moved somewhere, and the user has moved away, is remembered."""
        places: dict[str, set[str | None]] = {}
        for path, content in self.files.items():
            if is_video(path.rpartition("/")[2]):
                places.setdefault(named(content), set()).add(category_of(path))
        for file in before.files.values():
            folder, now = file.category, places.get(file.fingerprint, set())
            if file.source != "auto" or folder is None or not now or folder in now or file.path in self.files:
                continue
            if folder in self.folders and self.folders_then.get(folder) == self.folders[folder]:
                assert folder in self.house.store.files.refusals()[file.fingerprint]

    # --- how it is done ---

    @property
    def root(self) -> Path:
        return self.house.root

    @contextmanager
    def the_user(self) -> Iterator[None]:
        """What the user does inside counts as filing: where a category has content that it did not have before, and
        where a file comes from another category."""
        before, came_from = self.contents(), self.inodes()
        yield
        self.filed |= self.contents() - before
        for inode, path in self.inodes().items():
            folder = category_of(path)
            if folder is not None and inode in came_from and category_of(came_from[inode]) != folder:
                self.filed.add((self.files[path], folder))
        self.attends()

    def attends(self) -> None:
        self.attentive.look(believe=True)
        self.knows_everything(self.attentive)

    def carried_out(self, act: Callable[[], object]) -> list[Entry]:
        """The moves that `act` made, taken over into the model and told to the attentive one."""
        act()
        made = []
        while (entry := self.house.store.journal.get(self.entries + 1)) is not None:
            self.entries += 1
            if entry.step == "done":
                made.append(entry)
                for source, target in ((entry.source, entry.destination), *entry.sidecars):
                    assert target not in self.files, "something was overwritten"
                    self.files[target] = self.files.pop(source)
                assert named(self.files[entry.destination]) == entry.fingerprint
                id = file_id((self.root / entry.destination).lstat())
                moved = KnownFile(entry.destination, id, entry.fingerprint, "auto" if entry.kind == "sort" else None)
                self.attentive.store.files.move(entry.source, moved, now=1.0)
        return made

    def new_sorting(self) -> Sorting:
        return Sorting(self.house.store, self.house.mover, lambda _: None, "move")

    def contents(self) -> set[tuple[bytes, str]]:
        return {
            (content, folder)
            for path, content in self.files.items()
            if (folder := category_of(path)) is not None and is_video(path.rpartition("/")[2])
        }

    def inodes(self) -> dict[int, str]:
        return {(self.root / path).stat().st_ino: path for path in self.files}

    def categories(self) -> list[str]:
        return sorted(folder for folder in self.folders if "/" not in folder)

    def any(self, items: list[Item], which: int) -> Item:
        return items[which % len(items)]

    def any_file(self, which: int) -> str:
        return self.any(sorted(self.files), which)

    def any_place(self, which: int) -> str:
        return self.any(self.places(), which)

    def places(self) -> list[str]:
        """All folders, the inbox first."""
        return ["", *sorted(self.folders)]

    def free(self, folder: str, name: str) -> str:
        """A path in the folder that is not taken, as near to the name as it gets."""
        stem, _, extension = name.partition(".")
        names = [name, *(f"{stem} ({nr}).{extension}" for nr in range(2, 99))]
        return next(path for path in (under(folder, name) for name in names) if path not in self.files)

    def relocates(self, old: str, new: str) -> None:
        self.files = {_relocated(path, old, new): content for path, content in self.files.items()}
        self.folders = {_relocated(path, old, new): number for path, number in self.folders.items()}

    def write(self, path: str, content: bytes) -> None:
        (self.root / path).write_bytes(content)
        self.files[path] = content
        self.stamp(path)

    def stamp(self, path: str) -> None:
        """A time of its own for each writing: file systems tell no two apart within some milliseconds."""
        when = self.next_number() * 1_000_000_000
        os.utime(self.root / path, ns=(when, when))

    def next_number(self) -> int:
        self.number += 1
        return self.number


def _relocated(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if f"{path}/".startswith(f"{old}/") else path


TestLibrary = LibraryMachine.TestCase
TestLibrary.settings = settings(
    max_examples=int(os.environ.get("SORTERD_EXAMPLES", "80")),
    stateful_step_count=int(os.environ.get("SORTERD_STEPS", "30")),
    deadline=None,
)
