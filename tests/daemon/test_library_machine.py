"""Whatever the user does, whatever we do in between, whenever we look: nothing is lost and nobody is misunderstood.

Random sequences of what people do in a file manager, of our own moves, undos and crashes, and of restarts, on real
files and a real database. Beside it a model of what a person would expect (which content lies where, what the user has
filed, and in `expectations.py` what that means), and a second daemon that looks after every single action, as if no
event were ever lost.

More of it: `SORTERD_EXAMPLES=2000 SORTERD_STEPS=60 pytest tests/daemon/test_library_machine.py`
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.expectations import Expectations, Video
from support.faults import as_if_other_disk
from support.house import Clock, House

from sorterd.backoff import LONGEST_DELAY
from sorterd.changes import Known, KnownFile, Source
from sorterd.library.files import FolderId, category_of
from sorterd.library.layout import LayoutRules
from sorterd.library.move import MoveFailed
from sorterd.library.plan import MoveRefused
from sorterd.library.scan import RootUnavailable, file_id
from sorterd.library.stability import StabilityTracker
from sorterd.prediction import Prediction
from sorterd.sorting.following import Following
from sorterd.sorting.mover import Mover, UndoRefused
from sorterd.sorting.sorter import Sorter
from sorterd.store.journal import Entry
from sorterd.store.journal_file import JOURNAL
from sorterd.store.store import DATABASE
from sorterd.sync.guard import SECOND_SCAN_SECONDS

VIDEOS = ["a.mp4", "b.mp4", "a (2).mp4", "a.mov", "caf\udce9.mov"]
BY_STEM = ["{stem}.jpg", "{stem}.info.json", "{stem}.en.srt"]
SIDECARS = [*BY_STEM, "{video}.jpg"]
FOLDERS = ["cats", "dogs", "birds", "cr\udce8me"]
WITH_FILES = [
    *("drops a video", "drops a video into the inbox", "drops sidecars", "drags", "renames", "copies", "swaps"),
    *("saves over", "replaces", "touches", "deletes"),
]
WITH_OURS = ["drags", "drags", "copies", "copies beside it", "deletes"]
WITH_FOLDERS = ["makes", "renames", "moves", "moves in", "removes", "swaps", "puts in place of"]
CONTENTS = [b"video %d" % number for number in range(20)]  # few enough for some to come twice
PREDICTOR = "the model"

Item = TypeVar("Item")
any_video = st.sampled_from(VIDEOS)
any_folder = st.sampled_from(FOLDERS)
any_content = st.sampled_from(CONTENTS)
pick = st.integers(0, 99)
predictions = st.lists(pick, min_size=1, max_size=4)
is_video = LayoutRules().is_video


def named(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def under(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


class CutShort(Exception):
    """A crash in the middle of a move."""


CRASHES: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "before anything moved": lambda: patch("sorterd.sorting.mover.carry_out", side_effect=CutShort),
    "before the sidecars followed": lambda: patch("sorterd.library.move._move_sidecars", side_effect=CutShort),
    "before it was recorded": lambda: patch.object(Mover, "_record", side_effect=CutShort),
}


@dataclass(frozen=True, slots=True)
class Trash:
    """A category that the user took out of the library. Of the videos in `sources` there is no copy anywhere."""

    folder: str
    files: dict[str, bytes]
    folders: dict[str, int]
    sources: dict[str, Source | None]

    def forget(self, contents: Iterable[bytes]) -> None:
        """What lies in the library by now comes back as a copy."""
        for path in [path for path in self.sources if self.files[path] in contents]:
            del self.sources[path]


class LibraryMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.outside = self.place / "outside"
        self.outside.mkdir()
        clock = Clock()
        self.house = House(self.place / "videos", self.place / "state", clock, durable=False)
        self.attentive = House(self.place / "videos", self.place / "attentive", clock, durable=False)
        self.sorter = self.new_sorting()
        self.files: dict[str, bytes] = {}
        self.folders: dict[str, int] = {}  # every folder, with a number that it keeps when it is renamed
        self.folders_then: dict[str, int] = {}  # as of our last sync
        self.filed: set[tuple[bytes, str]] = set()  # which content the user has put into which category
        self.expected = Expectations()
        self.then: dict[str, tuple[Video, int | None, Source | None]] = {}  # as we knew it, with its category's number
        self.trash: Trash | None = None
        self.entries = 0
        self.number = 0

    def teardown(self) -> None:
        self.house.close()
        self.attentive.close()
        shutil.rmtree(self.place)

    @initialize(contents=st.lists(any_content, min_size=4, max_size=8, unique=True))
    def there_is_a_library(self, contents: list[bytes]) -> None:
        with self.the_user():
            for folder in FOLDERS[:2]:
                (self.root / folder).mkdir()
                self.folders[folder] = self.next_number()
            for nr, content in enumerate(contents):
                video = self.free(["", FOLDERS[0], "", FOLDERS[1]][nr % 4], "a.mp4")
                self.write(video, content)
                for sidecar in SIDECARS[nr % len(SIDECARS) :]:
                    self.write(sidecar.format(video=video, stem=stem(video)), content)
        self.we_look()

    # --- the user, in a file manager ---

    @rule(does=st.sampled_from(WITH_FILES), which=pick, into=pick, name=any_video, content=any_content)
    def the_user_handles_a_file(self, does: str, which: int, into: int, name: str, content: bytes) -> None:
        folder = self.any_place(into)
        if does == "drops a video":
            self.drops(self.free(folder, name), content)
        elif does == "drops a video into the inbox":
            self.drops(self.free("", name), b"new %d" % self.next_number())
        elif does == "drops sidecars" and (videos := self.videos()):
            inbox = [path for path in videos if "/" not in path]
            here, _, video = self.any(sorted(inbox or videos), which).rpartition("/")
            for sidecar in SIDECARS[into % len(SIDECARS) :]:
                self.drops(self.free(here, sidecar.format(video=video, stem=stem(video))), content)
        elif self.files:
            file = self.any_file(which)
            here, _, called = file.rpartition("/")
            match does:
                case "drags":
                    self.drags(file, self.free(folder, called))
                case "renames":
                    self.drags(file, self.free(here, name))
                case "copies":
                    self.drops(self.free(folder, name), self.files[file])
                case "swaps":
                    self.swaps(file, self.any_file(into))
                case "saves over":
                    self.drops(file, content)
                case "replaces":
                    self.deletes(file)
                    self.drops(file, content)
                case "touches":
                    self.drops(file, self.files[file])
                case "deletes":
                    self.deletes(file)

    @precondition(lambda self: self.ours())
    @rule(does=st.sampled_from(WITH_OURS), which=pick, into=st.sampled_from([0, 0, 1, 2, 3]))
    def the_user_handles_what_we_have_moved(self, does: str, which: int, into: int) -> None:
        """Takes it back to the inbox, or to where it belongs; or copies or deletes it."""
        file = self.any(self.ours(), which)
        here, _, name = file.rpartition("/")
        match does:
            case "drags":
                self.drags(file, self.free(self.any_place(into), name))
            case "copies":
                self.drops(self.free(self.any_place(into), name), self.files[file])
            case "copies beside it":
                self.drops(self.free(here, name), self.files[file])
            case "deletes":
                self.deletes(file)

    @rule(does=st.sampled_from(WITH_FOLDERS), which=pick, into=pick, name=any_folder, content=any_content)
    def the_user_handles_a_folder(self, does: str, which: int, into: int, name: str, content: bytes) -> None:
        place = self.any_place(into)
        if does == "makes" and under(place, name) not in self.folders:
            self.makes(under(place, name))
        elif does == "moves in" and name not in self.folders:
            self.moves_in(name, content)
        elif self.folders:
            folder = self.any(sorted(self.folders), which)
            top, _, called = folder.rpartition("/")
            if does == "renames" and under(top, name) not in self.folders:
                self.renames(folder, under(top, name))
            elif does == "moves" and not under(place, "").startswith(f"{folder}/"):
                self.renames(folder, under(place, called))
            elif does == "removes":
                self.removes(folder, trash=bool(into % 2))
            elif does == "puts in place of":
                self.puts_in_place_of(folder, self.any(sorted(self.folders), into))
            elif does == "swaps":
                self.swaps_names(folder, self.any(sorted(self.folders), into))

    @precondition(lambda self: self.categories())
    @rule(which=pick, name=any_folder)
    def the_user_renames_a_category(self, which: int, name: str) -> None:
        self.renames(self.any(self.categories(), which), name)

    @rule(which=pick, into=pick)
    def the_user_drags_across_disks(self, which: int, into: int) -> None:
        """The file manager copies, then deletes; we look while it still writes the copy."""
        if not (files := [path for path in self.files if is_video(path.rpartition("/")[2])]):
            return
        source = self.any(sorted(files), which)
        target, content = self.free(self.any_place(into), source.rpartition("/")[2]), self.files[source]
        known = self.house.store.files.at(source)
        alone = sum(other == content for other in self.files.values()) == 1
        with self.the_user():
            with (self.root / target).open("wb") as copy:
                copy.write(content)
                copy.flush()
                (self.root / source).unlink()
                self.we_look_in_between()
                if known is not None and known.fingerprint == named(content) and alone:
                    assert self.house.store.files.at(source) == known, "it may be on its way"
            self.files[target] = self.files.pop(source)
            self.stamp(target)

    def drops(self, path: str, content: bytes) -> None:
        """Writes a file, over another one if there is one, which keeps its inode."""
        with self.the_user():
            self.write(path, content)

    def drags(self, source: str, target: str) -> None:
        with self.the_user():
            (self.root / source).rename(self.root / target)
            self.files[target] = self.files.pop(source)

    def swaps(self, one: str, other: str) -> None:
        with self.the_user():
            aside = self.outside / "aside"
            (self.root / one).rename(aside)
            if one != other:
                (self.root / other).rename(self.root / one)
            aside.rename(self.root / other)
            self.files[one], self.files[other] = self.files[other], self.files[one]

    def deletes(self, path: str) -> None:
        with self.the_user():
            (self.root / path).unlink()
            del self.files[path]

    def makes(self, folder: str) -> None:
        with self.the_user():
            (self.root / folder).mkdir()
            self.folders[folder] = self.next_number()

    def moves_in(self, folder: str, content: bytes) -> None:
        """A whole folder at once, from elsewhere."""
        with self.the_user():
            parcel = self.outside / "parcel"
            parcel.mkdir()
            (parcel / "a.mp4").write_bytes(content)
            parcel.rename(self.root / folder)
            self.folders[folder] = self.next_number()
            self.files[f"{folder}/a.mp4"] = content
            self.stamp(f"{folder}/a.mp4")

    def renames(self, old: str, new: str) -> None:
        """A folder gets another name, goes into another folder, or comes out of one and is a category then."""
        if new in self.folders:
            return
        before, videos = self.contents(), self.videos()
        known = self.attentive.store.files.folder(old) is not None  # not while only other files lie in it
        (self.root / old).rename(self.root / new)
        self.files = {_relocated(path, old, new): content for path, content in self.files.items()}
        self.folders = {_relocated(path, old, new): number for path, number in self.folders.items()}
        if "/" in old or "/" in new:
            self.filed |= self.contents() - before
            if category_of(f"{old}/") != category_of(f"{new}/"):
                self.filed |= {(self.files[path], new.partition("/")[0]) for path in self.files if _in(path, new)}
        else:  # the same category under another name
            self.filed = {(content, new if folder == old else folder) for content, folder in self.filed}
            if self.which(new) not in self.house.store.files.known().categories.values():
                # It was away when we looked: what comes back under another name counts as the user's.
                self.filed |= {(self.files[path], new) for path in self.files if _in(path, new)}
        now = self.videos()
        told = "/" not in f"{old}{new}" and known
        self.expected.the_user_did(videos, now, renamed=(old, new) if told else None)
        self.attends()

    def puts_in_place_of(self, folder: str, other: str) -> None:
        """One folder gets the name of another, which is deleted."""
        if not _in(folder, other) and not _in(other, folder):
            self.removes(other, trash=False)
            self.renames(folder, other)

    def swaps_names(self, one: str, other: str) -> None:
        if not _in(one, other) and not _in(other, one):
            self.renames(one, "aside")
            self.renames(other, one)
            self.renames("aside", other)

    def removes(self, folder: str, *, trash: bool) -> None:
        """Deletes a folder, or moves it out of the library."""
        with self.the_user():
            if trash and "/" not in folder:
                self.takes_away(folder)
            else:
                shutil.rmtree(self.root / folder)
            self.files = {path: content for path, content in self.files.items() if not _in(path, folder)}
            self.folders = {path: number for path, number in self.folders.items() if not _in(path, folder)}

    def takes_away(self, folder: str) -> None:
        """Out of the library, from where it can come back."""
        shutil.rmtree(self.outside / "trash", ignore_errors=True)
        # What we have never seen under this name is not recognised when it comes back under it.
        known = self.house.store.files.folder(folder) == self.which(folder)
        (self.root / folder).rename(self.outside / "trash")
        files = {path: content for path, content in self.files.items() if _in(path, folder)}
        folders = {path: number for path, number in self.folders.items() if _in(path, folder)}
        sources = {path: source for path, source in self.expected.sources.items() if path in files and known}
        self.trash = Trash(folder, files, folders, sources)

    @precondition(lambda self: self.trash is not None and self.trash.folder not in self.folders)
    @rule()
    def the_user_puts_back_what_was_taken_away(self) -> None:
        trash, self.trash = self.trash, None
        assert trash is not None
        before, videos = self.contents(), self.videos()
        (self.outside / "trash").rename(self.root / trash.folder)
        self.files |= trash.files
        self.folders |= trash.folders
        still_ours = {(trash.files[path], trash.folder) for path, source in trash.sources.items() if source == "auto"}
        self.filed |= self.contents() - before - still_ours
        self.expected.the_user_did(videos, self.videos())
        self.expected.the_user_put_back(trash.sources)
        self.attends()

    # --- us ---

    @rule()
    def we_look(self) -> None:
        before, refused = self.house.store.files.known(), self.house.store.files.rejections()
        held = self.house.store.files.held()
        there = {named(content) for content in self.files.values()}
        all_gone = bool(before.files) and not any(
            path in self.files or file.fingerprint in there for path, file in before.files.items()
        )
        seen = self.house.synchronize(settle_moves=self.house.mover.recover)
        assert seen.doubt is not None or not all_gone, "a library does not vanish at once"
        if seen.doubt is not None:
            assert self.house.store.files.known() == before, "nothing is believed at once"
            self.house.clock.advance(SECOND_SCAN_SECONDS)
            seen = self.house.synchronize(earlier=seen.doubt, settle_moves=self.house.mover.recover)
            assert seen.doubt is None, "a second sync that agrees is believed"
        self.knows_everything(self.house)
        self.refuses_what_was_taken_out(before)
        self.remembers_what_was_refused(before, refused)
        self.holds_what_was_undone(before, held)
        self.folders_then = dict(self.folders)
        known = self.house.known()
        for path, (_, _, source) in self.then.items():
            assert known[path] == source, "nobody has touched it"
        self.then = {path: self.as_known(path, source) for path, source in known.items()}
        assert self.house.synchronize().changes == ()

    def we_look_in_between(self) -> None:
        """While something is under way: what is decided is not judged yet, but the folders are known by their names."""
        if self.house.synchronize(settle_moves=self.house.mover.recover).doubt is None:
            self.folders_then = dict(self.folders)

    @precondition(lambda self: self.house.known())
    @rule(empty=st.booleans())
    def we_look_while_the_disk_is_away(self, empty: bool) -> None:
        """Nothing is forgotten, and nothing is moved."""
        before = self.house.store.files.known()
        away = self.root.rename(self.outside / "disk")
        if empty:
            self.root.mkdir()
        with suppress(RootUnavailable):
            assert self.house.synchronize(settle_moves=self.house.mover.recover).doubt is not None
        if empty:
            self.root.rmdir()
        away.rename(self.root)
        assert self.house.store.files.known() == before

    @precondition(lambda self: self.files)
    @rule(which=pick)
    def we_look_while_a_file_is_written(self, which: int) -> None:
        """What is decided then, or left open, must not be in the way of the next sync."""
        with (self.root / self.any_file(which)).open("ab"):
            self.we_look_in_between()

    @rule(predictions=predictions, across_disks=st.booleans())
    def we_sort(self, predictions: list[int], across_disks: bool = False) -> None:
        """The model has a word on every video of the inbox as we know it, right or wrong; we may not have looked."""
        store = self.house.store
        folders = sorted(store.files.categories()) or ["cats"]
        for nr, file in enumerate(store.files.inbox()):
            folder = self.any(folders, predictions[nr % len(predictions)])
            word = Prediction(folder, 0.9, ((folder, 0.9),), True, "a guess")
            store.predictions.put(file.fingerprint, PREDICTOR, word, now=1.0)
        refused, held = store.files.rejections(), store.files.held()
        taken_back = {(named(content), "sort") for content in self.expected.taken_back}
        self.house.clock.advance(LONGEST_DELAY)  # what could not be moved before is tried again

        def sort() -> None:
            with other_disk() if across_disks else nullcontext():
                self.sorter.sort(PREDICTOR, now=self.house.clock())

        made = self.carried_out(sort)
        assert len({entry.fingerprint for entry in made}) == len(made), "of copies only one is moved"
        for entry in made:
            assert category_of(entry.destination) not in refused.get(entry.fingerprint, ())
            assert entry.fingerprint not in held
            assert (entry.fingerprint, entry.kind) not in taken_back

    @rule(across_disks=st.booleans())
    def sidecars_follow(self, across_disks: bool = False) -> None:
        self.we_look()
        mover, store = self.house.mover, self.house.store
        following = Following(store, mover, lambda _: None, StabilityTracker(0.0), 0.0)
        with other_disk() if across_disks else nullcontext():
            assert self.carried_out(lambda: following.follow(self.house.clock(), moving=True)) == []

    @rule(last=st.integers(1, 4), across_disks=st.booleans())
    def we_undo(self, last: int, across_disks: bool) -> None:
        with other_disk() if across_disks else nullcontext():
            self.took_back(self.carried_out(lambda: self.undoes(last)))

    def undoes(self, last: int) -> None:
        for entry in self.house.store.journal.latest(last):
            with suppress(UndoRefused, MoveRefused, MoveFailed):
                self.house.mover.undo(entry)

    def took_back(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            folder = category_of(entry.source)
            assert category_of(entry.destination) is None
            # What still lies in that category is the user's own copy, beside ours until now.
            self.filed |= {both for both in self.contents() if named(both[0]) == entry.fingerprint}
            assert entry.fingerprint in self.house.store.files.held()
            assert folder in self.house.store.files.rejections()[entry.fingerprint]

    @rule(predictions=predictions)
    def we_look_and_sort(self, predictions: list[int]) -> None:
        self.we_look()
        self.we_sort(predictions)

    @rule(
        predictions=predictions, crash=st.sampled_from(sorted(CRASHES)), across_disks=st.booleans(), undo=st.booleans()
    )
    def we_crash_in_the_middle_of_a_move(
        self, predictions: list[int], crash: str, across_disks: bool, undo: bool
    ) -> None:
        def crash_and_recover() -> None:
            with CRASHES[crash](), suppress(CutShort):
                if undo:
                    self.we_undo(len(predictions), across_disks)
                else:
                    self.we_sort(predictions, across_disks)
            self.we_restart()
            self.house.mover.recover()
            assert self.house.store.journal.unfinished() == []

        self.took_back(entry for entry in self.carried_out(crash_and_recover) if entry.kind == "undo")

    @rule()
    def we_restart(self) -> None:
        self.house.restart()
        self.sorter = self.new_sorting()

    @rule(what=st.sampled_from(["the log", "the database", "the journal"]))
    def we_look_and_lose(self, what: str) -> None:
        """Who has just looked loses nothing."""

        def all_that_matters() -> list[object]:
            store = self.house.store
            said = [store.files.labels(), store.files.rejections(), store.files.held()]
            return [*said, self.house.known(), store.journal.latest(-1)]

        self.we_look()
        before = all_that_matters()
        self.we_lose(what)
        self.we_look()
        assert all_that_matters() == before

    @rule(what=st.sampled_from(["the log", "the database", "the journal"]))
    def we_lose(self, what: str) -> None:
        """The database itself, what was not in it yet but in its write-ahead log, or the journal of both."""
        place = self.house.state / DATABASE
        without_log = place.read_bytes()
        self.house.close()
        lost = [JOURNAL] if what == "the journal" else [DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"]
        for name in lost:
            place.with_name(name).unlink(missing_ok=True)
        if what == "the log":
            place.write_bytes(without_log)
        self.house.open()
        self.sorter = self.new_sorting()

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
        assert set(house.store.files.categories()) == set(self.categories()) - self.without_videos()
        filed = {(named(content), folder) for content, folder in self.filed}
        assert set(house.store.files.labels().items()) <= filed, "the user did not put it there"

    def refuses_what_was_taken_out(self, before: Known) -> None:
        """ "Not this one": what we had moved somewhere, and the user has moved away, is remembered."""
        places: dict[str, set[str | None]] = {}
        for path, content in self.files.items():
            if is_video(path.rpartition("/")[2]):
                places.setdefault(named(content), set()).add(category_of(path))
        for file in before.files.values():
            folder, now = file.category, places.get(file.fingerprint, set())
            if file.source != "auto" or folder is None or not now or folder in now or file.path in self.files:
                continue
            if folder in self.folders and self.folders_then.get(folder) == self.folders[folder]:
                assert folder in self.house.store.files.rejections()[file.fingerprint]

    def remembers_what_was_refused(self, before: Known, refused: Mapping[str, Collection[str]]) -> None:
        """Until the user puts it in there after all, also if the folder is called otherwise now."""
        names = {self.which(folder): folder for folder in self.categories()}
        now = self.house.store.files.rejections()
        there = {(named(content), folder) for content, folder in self.contents()}
        held = {(file.fingerprint, file.category) for file in before.files.values()}
        for content, folders in refused.items():
            for folder in folders:
                name = names.get(before.categories.get(folder))
                if name is None or (content, name) in there:
                    continue
                # Among videos without one that tells, it is not known to be the same folder.
                inside = [one for one, category in there if category == name]
                empty = not inside and folder not in self.folders
                if name == folder or empty or any((one, folder) in held for one in inside):
                    assert name in now.get(content, ()), f"it was taken out of {folder}, which is {name} now"

    def holds_what_was_undone(self, before: Known, held: Set[str]) -> None:
        """Until the user files it, and no longer."""
        now = self.house.store.files
        files = now.known().files
        filed = {file.fingerprint for file in files.values() if file.category is not None}
        assert now.held() >= held - filed, "the user has not filed it"
        there = {(file.fingerprint, file.category) for file in before.files.values()}
        for path, file in files.items():
            folder = file.category
            if folder is None or before.categories.get(folder) != self.which(folder):
                continue
            if file.source == "user" and path not in before.files and (file.fingerprint, folder) not in there:
                assert file.fingerprint not in now.held(), "the user has filed it"

    # --- how it is done ---

    @property
    def root(self) -> Path:
        return self.house.root

    @contextmanager
    def the_user(self) -> Iterator[None]:
        """What the user does inside counts as filing: where a category has content that it did not have before, and
        where a file comes from another category."""
        before, videos = self.contents(), self.videos()
        came_from = {video.inode: path for path, video in videos.items()}
        yield
        now = self.videos()
        self.filed |= self.contents() - before
        for path, video in now.items():
            folder = category_of(path)
            if folder is not None and video.inode in came_from and category_of(came_from[video.inode]) != folder:
                self.filed.add((video.content, folder))
        self.expected.the_user_did(videos, now)
        self.attends()

    def attends(self) -> None:
        self.then = {path: then for path, then in self.then.items() if self.untouched(path, *then)}
        if self.trash is not None:
            kept = [content for path, content in self.trash.files.items() if is_video(path.rpartition("/")[2])]
            self.trash.forget([*self.files.values(), *(content for content in kept if kept.count(content) > 1)])
        self.attentive.synchronize(believe=True)
        self.knows_everything(self.attentive)
        known = self.attentive.known()
        assert {path: known[path] for path in self.expected.sources} == self.expected.sources
        rejections = self.attentive.store.files.rejections()
        for content, folder in self.expected.rejected:
            assert folder in rejections.get(named(content), ()), "the user took it out of there"
        for content, folder in self.expected.accepted:
            assert folder not in rejections.get(named(content), ()), "the user put it there"

    def carried_out(self, act: Callable[[], object]) -> list[Entry]:
        """The moves that `act` made, taken over into the model and told to the attentive one."""
        act()
        made = []
        while (entry := self.house.store.journal.get(self.entries + 1)) is not None:
            self.entries += 1
            if entry.step == "done" and self.is_of_a_sidecar(entry):
                self.a_sidecar_goes(entry)
            elif entry.step == "done":
                made.append(entry)
                self.takes_its_sidecars_along(entry)
                for source, target in ((entry.source, entry.destination), *entry.sidecars):
                    assert target not in self.files, "something was overwritten"
                    self.files[target] = self.files.pop(source)
                assert named(self.files[entry.destination]) == entry.fingerprint
                self.expected.we_moved(self.files[entry.destination], entry.source, entry.destination)
                self.then.pop(entry.source, None)
                self.then[entry.destination] = self.as_known(
                    entry.destination, "auto" if entry.kind == "sort" else None
                )
                id = file_id((self.root / entry.destination).lstat())
                moved = KnownFile(entry.destination, id, entry.fingerprint, "auto" if entry.kind == "sort" else None)
                self.attentive.store.files.move(entry.source, moved, now=1.0)
        return made

    def takes_its_sidecars_along(self, entry: Entry) -> None:
        """All of its own, and no others; but an undo leaves those whose old name is taken."""
        there = entry.destination.rpartition("/")[0]
        stay = self.sidecars(entry.source) - {source for source, _ in entry.sidecars} - self.shared_with_the_gone(entry)
        for path in stay:
            name, new = path.rpartition("/")[2], entry.destination.rpartition("/")[2]
            old = entry.source.rpartition("/")[2]
            called = new + name[len(old) :] if name.startswith(old) else stem(new) + name[len(stem(old)) :]
            assert entry.kind == "undo", "a sidecar stayed behind"
            assert under(there, called) in self.files, "a sidecar stayed behind"
        theirs = {source for source, _ in entry.sidecars} - self.sidecars(entry.source)
        undone = None if entry.undoes is None else self.house.store.journal.get(entry.undoes)
        brought = (
            set()
            if undone is None
            else {target for _, target in undone.sidecars}
            | {one.destination for one in self.house.store.journal.of(entry.fingerprint) if one.kind == "follow"}
        )
        assert theirs <= brought, "they belong to another"

    def shared_with_the_gone(self, entry: Entry) -> set[str]:
        """What belongs by the stem stays if another video of that stem has left this folder for a third one."""
        here, _, name = entry.source.rpartition("/")
        others = self.house.store.relocations.all(under(here, stem(name)))
        gone = any(stem(path.rpartition("/")[2]) == stem(name) and path != entry.source for path in others)
        return {path for path in self.sidecars(entry.source) if gone and not path.startswith(entry.source)}

    def is_of_a_sidecar(self, entry: Entry) -> bool:
        undone = None if entry.undoes is None else self.house.store.journal.get(entry.undoes)
        return entry.kind == "follow" or (undone is not None and undone.kind == "follow")

    def a_sidecar_goes(self, entry: Entry) -> None:
        """Where its video is, or back, and over nothing."""
        assert entry.destination not in self.files, "something was overwritten"
        assert not is_video(entry.source)
        folder = entry.destination.rpartition("/")[0]
        if entry.kind == "follow":
            beside = {named(self.files[path]) for path in self.videos() if path.rpartition("/")[0] == folder}
            assert entry.fingerprint in beside, "it went where its video is not"
            assert not any(entry.source in self.sidecars(path) for path in self.videos()), "it was taken from a video"
        self.files[entry.destination] = self.files.pop(entry.source)

    def sidecars(self, video: str) -> set[str]:
        """What belongs to a video: by its whole name, or by its stem if no other video has that too."""
        folder, _, name = video.rpartition("/")
        own = {f"{name}.jpg"}
        beside = {path.rpartition("/")[2] for path in self.files if path.rpartition("/")[0] == folder}
        if sum(is_video(other) and stem(other) == stem(name) for other in beside) == 1:
            own |= {sidecar.format(stem=stem(name)) for sidecar in BY_STEM}
        return {under(folder, other) for other in own & beside}

    def which(self, folder: str) -> FolderId | None:
        """The folder itself, whatever it is called."""
        found = (self.root / folder).stat()
        return FolderId(found.st_dev, found.st_ino)

    def as_known(self, path: str, source: Source | None) -> tuple[Video, int | None, Source | None]:
        video = Video((self.root / path).stat().st_ino, self.files[path])
        return video, self.folders.get(category_of(path) or ""), source

    def untouched(self, path: str, video: Video, folder: int | None, source: Source | None) -> bool:
        return path in self.files and self.as_known(path, source) == (video, folder, source)

    def new_sorting(self) -> Sorter:
        return Sorter(self.house.store, self.house.mover, lambda _: None, "move")

    def contents(self) -> set[tuple[bytes, str]]:
        return {
            (content, folder)
            for path, content in self.files.items()
            if (folder := category_of(path)) is not None and is_video(path.rpartition("/")[2])
        }

    def videos(self) -> dict[str, Video]:
        return {
            path: Video((self.root / path).stat().st_ino, content)
            for path, content in self.files.items()
            if is_video(path.rpartition("/")[2])
        }

    def without_videos(self) -> set[str | None]:
        """The folders on top in which only other files are left, which are no categories."""
        return {category_of(path) for path in self.files} - {category_of(path) for path in self.videos()}

    def categories(self) -> list[str]:
        return sorted(folder for folder in self.folders if "/" not in folder)

    def any(self, items: list[Item], which: int) -> Item:
        return items[which % len(items)]

    def any_file(self, which: int) -> str:
        return self.any(sorted(self.files), which)

    def ours(self) -> list[str]:
        """The files that lie where we have put them, as far as we know."""
        known = self.house.store.files.known().files.values()
        return sorted(file.path for file in known if file.source == "auto" and file.path in self.files)

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


def stem(name: str) -> str:
    return name.rpartition(".")[0]


@contextmanager
def other_disk() -> Iterator[None]:
    """Every move is one to another disk, which nobody waits for."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        as_if_other_disk(monkeypatch.setattr)
        monkeypatch.setattr(os, "fsync", lambda _: None)
        yield


def _in(path: str, folder: str) -> bool:
    return f"{path}/".startswith(f"{folder}/")


def _relocated(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if _in(path, old) else path


TestLibrary = LibraryMachine.TestCase
TestLibrary.settings = settings(
    max_examples=int(os.environ.get("SORTERD_EXAMPLES", "80")),
    # The same lives in every ordinary run: a change is judged by what it breaks. Chance is for the long runs.
    derandomize="SORTERD_EXAMPLES" not in os.environ,
    stateful_step_count=int(os.environ.get("SORTERD_STEPS", "30")),
    deadline=None,
)
